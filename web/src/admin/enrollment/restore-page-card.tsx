/** "Show restore page": off, on for everyone, or on for groups, and whom that reaches in words before it is saved. */

import { Button, Radio, RadioGroup } from '@fluentui/react-components';
import { useMutation, useQueries, useQuery } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { type GroupTarget, hasMembers, isLeftOut } from '../parts/groups.ts';
import { Problem } from '../parts/problem.tsx';
import { useMay } from '../parts/roles.ts';
import { GroupList } from '../parts/target-list.tsx';
import { useGroupNames } from '../parts/target-names.tsx';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { countDevices } from '../policies/backup-policy-data.ts';
import {
  aimOf,
  aimsAtNothing,
  countedGroups,
  type RestoreAim,
  type RestoreChoice,
  type RestorePageRead,
  readRestorePage,
  sameAim,
  saveRestorePage,
} from './restore-page.ts';

export function RestorePageCard({ graph }: { readonly graph: Graph }) {
  const found = useQuery({ queryKey: ['restorePage'], queryFn: ({ signal }) => readRestorePage(graph, signal) });
  return (
    <>
      {found.isPending ? <Waiting rows={1} rowHeight={180} /> : null}
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {found.data === undefined ? null : <OpenCard graph={graph} read={found.data} reload={() => found.refetch()} />}
    </>
  );
}

interface OpenCardProps {
  readonly graph: Graph;
  readonly read: RestorePageRead;
  /** Reads what is set again. */
  readonly reload: () => Promise<unknown>;
}

function OpenCard({ graph, read, reload }: OpenCardProps) {
  const say = useWords();
  const styles = usePageStyles();
  const id = useId();
  const card = useRef<HTMLElement>(null);
  const may = useMay(graph)('devices');
  const [draft, setDraft] = useState<RestoreAim>();
  // What was on the page when it was changed: a reading that comes meanwhile must not be overwritten unseen.
  const [seen, setSeen] = useState(read);
  const forget = () => setDraft(undefined);
  const saving = useMutation({
    mutationFn: (wanted: RestoreAim) => saveRestorePage(graph, seen, wanted),
    onSuccess: async () => {
      await reload();
      forget();
    },
  });
  const set = aimOf(draft === undefined ? read : seen);
  const aim = draft ?? set;
  const changed = !sameAim(aim, set);
  const fault = aimsAtNothing(aim);
  const disabled = !may || saving.isPending;
  const change = (part: Partial<RestoreAim>) => {
    saving.reset();
    if (draft === undefined) setSeen(read);
    setDraft({ ...aim, ...part });
  };
  const discard = () => {
    forget();
    // The button that was pressed goes away.
    card.current?.querySelector<HTMLElement>(`input[value="${aimOf(read).choice}"]`)?.focus();
  };
  const again = async () => {
    await reload();
    forget();
    saving.reset();
  };
  return (
    <section ref={card} aria-labelledby={id} className={styles.card}>
      <h2 id={id} className={styles.heading}>
        {say('enroll.show')}
      </h2>
      <div className={styles.quiet}>
        <ReadOnce graph={graph} />
      </div>
      <RadioGroup
        aria-labelledby={id}
        value={aim.choice}
        disabled={disabled}
        onChange={(_, { value }) => change({ choice: value as RestoreChoice })}
      >
        <Radio value="off" label={say('restoreSwitch.off')} />
        <Radio value="everyone" label={say('restoreSwitch.on')} />
        <Radio value="groups" label={say('restoreSwitch.groups')} />
      </RadioGroup>
      {aim.choice === 'off' ? null : (
        <GroupList
          graph={graph}
          groups={countedGroups(aim)}
          disabled={disabled}
          onlyLeaveOut={aim.choice === 'everyone'}
          onChange={(groups) => change({ groups: [...hidden(aim, groups), ...groups] })}
        />
      )}
      <div role="status">
        {fault ? <p className={styles.plain}>{say('restoreSwitch.nothing')}</p> : null}
        {fault ? null : (
          <>
            {changed ? <strong>{say('policy.preview')}</strong> : null}
            <Reached graph={graph} aim={aim} />
          </>
        )}
        {saving.isSuccess && !changed ? say('page.saved') : null}
      </div>
      {saving.error === null ? null : (
        <Problem error={saving.error} cause={say('page.notDone')} onAgain={() => void again()} />
      )}
      <div className={styles.tools}>
        <TaskButton
          task="devices"
          may={may}
          primary
          disabled={!changed || fault || saving.isPending}
          onClick={() => saving.mutate(aim)}
        >
          {say('page.save')}
        </TaskButton>
        {changed ? <Button onClick={discard}>{say('page.discard')}</Button> : null}
      </div>
    </section>
  );
}

/** Groups that are kept and not shown, less those that are decided anew. */
function hidden(aim: RestoreAim, decided: readonly GroupTarget[]): readonly GroupTarget[] {
  const shown = countedGroups(aim);
  const anew = new Set(decided.map(({ groupId }) => groupId));
  return aim.groups.filter((group) => !shown.includes(group) && !anew.has(group.groupId));
}

function ReadOnce({ graph }: { readonly graph: Graph }) {
  const say = useWords();
  const { data: n } = useQuery({ queryKey: ['deviceCount'], queryFn: ({ signal }) => countDevices(graph, signal) });
  if (n === undefined) return null;
  return n === 0 ? say('enroll.onceNone') : say('enroll.once', { n });
}

/** Whom it is for, in words. */
function Reached({ graph, aim }: { readonly graph: Graph; readonly aim: RestoreAim }) {
  const say = useWords();
  const styles = usePageStyles();
  const { included, leftOut } = useGroupNames(graph, countedGroups(aim));
  const whom =
    aim.choice === 'off'
      ? say('restoreSwitch.reachesNobody')
      : aim.choice === 'everyone'
        ? say('restoreSwitch.reachesAll')
        : say('restoreSwitch.reachesGroups', { groups: included.join(', ') });
  const empty = useEmptyGroups(graph, aim);
  const less = leftOut.length === 0 ? '' : ` ${say('restoreSwitch.leavesOut', { groups: leftOut.join(', ') })}`;
  return (
    <>
      <p className={styles.plain}>
        {whom}
        {aim.choice === 'off' ? '' : less}
      </p>
      {empty.length === 0 ? null : (
        <p className={styles.plain}>{say('restoreSwitch.empty', { groups: empty.join(', ') })}</p>
      )}
    </>
  );
}

/** The names of groups that it is on for while nobody is in them. */
function useEmptyGroups(graph: Graph, { choice, groups }: RestoreAim): readonly string[] {
  const included = choice === 'groups' ? groups.filter((group) => !isLeftOut(group)) : [];
  const empty = useQueries({
    queries: included.map(({ groupId }) => ({
      queryKey: ['groupHasMembers', groupId],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => hasMembers(graph, groupId, signal),
    })),
    combine: (found) => included.filter((_, at) => found[at]?.data === false),
  });
  return useGroupNames(graph, empty).included;
}
