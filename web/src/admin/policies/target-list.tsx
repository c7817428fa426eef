/** Whom a document reaches: everybody, or groups, less groups that are left out. */

import type { AssignmentTarget } from '@carryover/model/assignment';
import { Button, Field, Radio, RadioGroup, SearchBox } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { ListTable } from '../parts/list-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { findGroups, type GroupName, groupName } from './policy-documents.ts';

const EVERYBODY: AssignmentTarget = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };

type GroupTarget = Extract<AssignmentTarget, { readonly groupId: string }>;

export interface TargetListProps {
  readonly graph: Graph;
  readonly targets: readonly AssignmentTarget[];
  readonly disabled: boolean;
  readonly onChange: (targets: readonly AssignmentTarget[]) => void;
}

export function TargetList({ graph, targets, disabled, onChange }: TargetListProps) {
  const say = useWords();
  const styles = usePageStyles();
  const groups = targets.filter((target): target is GroupTarget => 'groupId' in target);
  const everybody = groups.length < targets.length;
  const setEverybody = (on: boolean) => onChange(on ? [EVERYBODY, ...groups] : groups);
  const without = (id: string) => targets.filter((target) => !('groupId' in target && target.groupId === id));
  const put = (id: string, left: boolean) =>
    onChange([
      ...without(id),
      { '@odata.type': `#microsoft.graph.${left ? 'exclusionGroup' : 'group'}AssignmentTarget`, groupId: id },
    ]);
  return (
    <div className={styles.stack}>
      <Field label={say('policyEditor.reaches')}>
        <RadioGroup
          value={everybody ? 'everybody' : 'groups'}
          disabled={disabled}
          onChange={(_, { value }) => setEverybody(value === 'everybody')}
        >
          <Radio value="groups" label={say('policyEditor.onlyGroups')} />
          <Radio value="everybody" label={say('policyEditor.everybody')} />
        </RadioGroup>
      </Field>
      {targets.length === 0 ? <p className={styles.plain}>{say('policyEditor.nobodyYet')}</p> : null}
      {groups.length === 0 ? null : (
        <ListTable
          label={say('policyEditor.groups')}
          columns={[say('policyEditor.group'), say('policyEditor.how'), say('personList.actions')]}
          rows={groups.map((target) => ({
            key: target.groupId,
            cells: [
              <GroupTitle key="name" graph={graph} id={target.groupId} />,
              say(isLeftOut(target) ? 'policyEditor.leftOut' : 'policyEditor.included'),
              <Button key="remove" size="small" disabled={disabled} onClick={() => onChange(without(target.groupId))}>
                {say('policyEditor.remove')}
              </Button>,
            ],
          }))}
        />
      )}
      {disabled ? null : <FindGroup graph={graph} taken={groups.map(({ groupId }) => groupId)} onPut={put} />}
    </div>
  );
}

function isLeftOut(target: GroupTarget): boolean {
  return target['@odata.type'] === '#microsoft.graph.exclusionGroupAssignmentTarget';
}

function GroupTitle({ graph, id }: { readonly graph: Graph; readonly id: string }) {
  const { data } = useQuery({ queryKey: ['group', id], queryFn: ({ signal }) => groupName(graph, id, signal) });
  return data?.displayName ?? id;
}

interface FindGroupProps {
  readonly graph: Graph;
  readonly taken: readonly string[];
  readonly onPut: (id: string, left: boolean) => void;
}

function FindGroup({ graph, taken, onPut }: FindGroupProps) {
  const say = useWords();
  const styles = usePageStyles();
  const id = useId();
  const [typed, setTyped] = useState('');
  const search = useDeferredValue(typed);
  const found = useQuery({
    queryKey: ['groups', search],
    queryFn: ({ signal }) => findGroups(graph, search, signal),
    placeholderData: (before) => before,
  });
  const groups = (found.data ?? []).filter((group) => !taken.includes(group.id));
  return (
    <section aria-labelledby={id} className={styles.stack}>
      <h3 id={id} className={styles.heading}>
        {say('policyEditor.addGroup')}
      </h3>
      <Field label={say('policyEditor.searchGroup')}>
        <SearchBox value={typed} maxLength={200} onChange={(_, { value }) => setTyped(value)} />
      </Field>
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {found.isSuccess && groups.length === 0 ? <p className={styles.quiet}>{say('policyEditor.noGroup')}</p> : null}
      {groups.length === 0 ? null : (
        <ListTable
          label={say('policyEditor.addGroup')}
          columns={[say('policyEditor.group'), say('personList.actions')]}
          rows={groups.map((group) => ({
            key: group.id,
            cells: [group.displayName, <PutGroup key="put" group={group} onPut={onPut} />],
          }))}
        />
      )}
    </section>
  );
}

function PutGroup({ group, onPut }: { readonly group: GroupName } & Pick<FindGroupProps, 'onPut'>) {
  const say = useWords();
  const styles = usePageStyles();
  const name = group.displayName;
  return (
    <div className={styles.tools}>
      <Button
        size="small"
        aria-label={say('policyEditor.includeWhich', { name })}
        onClick={() => onPut(group.id, false)}
      >
        {say('policyEditor.include')}
      </Button>
      <Button size="small" aria-label={say('policyEditor.leaveWhich', { name })} onClick={() => onPut(group.id, true)}>
        {say('policyEditor.leave')}
      </Button>
    </div>
  );
}
