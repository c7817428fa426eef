/** A part of a policy in words: what it is called and what it says, for lists of what differs and for the review. */

import type { AssignmentTarget } from '@carryover/model/assignment';
import { type PolicyValue, policyByName } from '@carryover/model/policy-definitions';
import type { OmaSetting } from '@carryover/model/policy-oma';
import type { Language } from '@carryover/model/reasons';
import { useQuery } from '@tanstack/react-query';
import type { Graph } from '../../shared/graph.ts';
import { type PolicyWords, useWords } from '../../shared/words/admin-policies.ts';
import { groupName } from '../parts/groups.ts';
import type { Draft } from './draft.ts';
import { knownAs, rowsFrom } from './oma-rows.ts';
import { type Part, saidIn } from './policy-diff.ts';

/** What a setting says, as its row does: "Enabled", "Off, locked", "4"; "Not configured" for undefined. */
export function settingWords(value: PolicyValue | undefined, say: PolicyWords): string {
  if (value === undefined) return say('policyHistory.notConfigured');
  if (typeof value === 'boolean') return say(value ? 'policyEditor.enabled' : 'policyEditor.disabled');
  if (value === 'on' || value === 'off' || value === 'locked') return say(`policyEditor.limit.${value}`);
  return Array.isArray(value) ? value.join(', ') : String(value);
}

/** What a part is called. */
export function partTitle(part: Part, say: PolicyWords, language: Language): string {
  if (part === 'name') return say('policyList.name');
  if (part === 'description') return say('policyEditor.description');
  if (part === 'targets') return say('policyEditor.assignments');
  const [kind = '', ...rest] = part.split(' ');
  const name = rest.join(' ');
  if (kind === 'oma') return omaTitle(name, language);
  return policyByName(name)?.title[language] ?? name;
}

function omaTitle(omaUri: string, language: Language): string {
  const [row] = rowsFrom([{ '@odata.type': '#microsoft.graph.omaSettingString', omaUri, value: '' }]);
  return (row && knownAs(row)?.definition.title[language]) ?? omaUri;
}

export interface PartValueProps {
  readonly graph: Graph;
  readonly draft: Draft;
  readonly part: Part;
}

/** What a draft says of a part. */
export function PartValue({ graph, draft, part }: PartValueProps) {
  const say = useWords();
  const said = saidIn(draft, part);
  if (part === 'targets') return <TargetWords graph={graph} targets={said as readonly AssignmentTarget[]} />;
  if (part === 'name' || part === 'description') return <bdi>{String(said)}</bdi>;
  if (part.startsWith('oma ')) return <bdi>{omaWords(said as readonly OmaSetting[] | undefined, say)}</bdi>;
  return settingWords(said as PolicyValue | undefined, say);
}

function omaWords(settings: readonly OmaSetting[] | undefined, say: PolicyWords): string {
  if (settings === undefined) return say('policyHistory.notConfigured');
  return rowsFrom(settings)
    .map((row) => {
      const known = knownAs(row);
      return known?.value === undefined ? row.text : settingWords(known.value, say);
    })
    .join('; ');
}

/** "Everybody, without Front desk". */
function TargetWords({ graph, targets }: { readonly graph: Graph; readonly targets: readonly AssignmentTarget[] }) {
  const say = useWords();
  if (targets.length === 0) return say('parts.nobody');
  const everybody = targets.some((target) => !('groupId' in target));
  const groups = targets.filter((target) => 'groupId' in target);
  return (
    <>
      {everybody ? say('policyEditor.everybody') : null}
      {groups.map((target, at) => (
        <span key={target.groupId}>
          {at > 0 || everybody ? ', ' : ''}
          <GroupWords
            graph={graph}
            id={target.groupId}
            leftOut={target['@odata.type'] === '#microsoft.graph.exclusionGroupAssignmentTarget'}
          />
        </span>
      ))}
    </>
  );
}

interface GroupWordsProps {
  readonly graph: Graph;
  readonly id: string;
  readonly leftOut: boolean;
}

function GroupWords({ graph, id, leftOut }: GroupWordsProps) {
  const say = useWords();
  const { data } = useQuery({ queryKey: ['group', id], queryFn: ({ signal }) => groupName(graph, id, signal) });
  const name = data?.displayName ?? id;
  return leftOut ? say('parts.without', { name }) : name;
}
