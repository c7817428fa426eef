/** Whom something reaches: everybody, or groups, less groups that are left out. Groups are found by a part of their name. */

import type { AssignmentTarget } from '@carryover/model/assignment';
import { Button, Field, Radio, RadioGroup, SearchBox } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useId, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { findGroups, type GroupName, type GroupTarget, groupName, groupTarget, isLeftOut } from './groups.ts';
import { ListTable } from './list-table.tsx';
import { Problem } from './problem.tsx';
import { usePageStyles } from './use-page-styles.ts';

const EVERYBODY: AssignmentTarget = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };

export interface TargetListProps {
  readonly graph: Graph;
  readonly targets: readonly AssignmentTarget[];
  readonly disabled: boolean;
  /** What everybody is called here. */
  readonly everybodyIs?: string;
  readonly onChange: (targets: readonly AssignmentTarget[]) => void;
}

export function TargetList({ graph, targets, disabled, everybodyIs, onChange }: TargetListProps) {
  const say = useWords();
  const styles = usePageStyles();
  const groups = targets.filter((target): target is GroupTarget => 'groupId' in target);
  const everybody = groups.length < targets.length;
  const put = (next: readonly GroupTarget[], all: boolean) => onChange(all ? [EVERYBODY, ...next] : next);
  return (
    <div className={styles.stack}>
      <Field label={say('policyEditor.reaches')}>
        <RadioGroup
          value={everybody ? 'everybody' : 'groups'}
          disabled={disabled}
          onChange={(_, { value }) => put(groups, value === 'everybody')}
        >
          <Radio value="groups" label={say('policyEditor.onlyGroups')} />
          <Radio value="everybody" label={everybodyIs ?? say('policyEditor.everybody')} />
        </RadioGroup>
      </Field>
      {targets.length === 0 ? <p className={styles.plain}>{say('policyEditor.nobodyYet')}</p> : null}
      <GroupList graph={graph} groups={groups} disabled={disabled} onChange={(next) => put(next, everybody)} />
    </div>
  );
}

export interface GroupListProps {
  readonly graph: Graph;
  readonly groups: readonly GroupTarget[];
  readonly disabled: boolean;
  /** Where everybody is reached, groups can only be left out. */
  readonly onlyLeaveOut?: boolean;
  readonly onChange: (groups: readonly GroupTarget[]) => void;
}

/** The groups that are included and left out, and a search for more. */
export function GroupList({ graph, groups, disabled, onlyLeaveOut = false, onChange }: GroupListProps) {
  const say = useWords();
  const without = (id: string) => groups.filter(({ groupId }) => groupId !== id);
  return (
    <>
      {groups.length === 0 ? null : (
        <ListTable
          label={say('policyEditor.groups')}
          columns={[say('policyEditor.group'), say('policyEditor.how'), say('personList.actions')]}
          rows={groups.map((target) => ({
            key: target.groupId,
            cells: [
              <GroupTitle key="name" graph={graph} id={target.groupId} />,
              say(isLeftOut(target) ? 'policyEditor.leftOut' : 'policyEditor.included'),
              <RemoveGroup
                key="remove"
                graph={graph}
                id={target.groupId}
                disabled={disabled}
                onRemove={() => onChange(without(target.groupId))}
              />,
            ],
          }))}
        />
      )}
      {disabled ? null : (
        <FindGroup
          graph={graph}
          taken={groups.map(({ groupId }) => groupId)}
          onlyLeaveOut={onlyLeaveOut}
          onPut={(id, left) => onChange([...without(id), groupTarget(id, left)])}
        />
      )}
    </>
  );
}

/** The name of a group, its id until that is known. */
function useGroupName(graph: Graph, id: string): string {
  const { data } = useQuery({ queryKey: ['group', id], queryFn: ({ signal }) => groupName(graph, id, signal) });
  return data?.displayName ?? id;
}

function GroupTitle({ graph, id }: { readonly graph: Graph; readonly id: string }) {
  return useGroupName(graph, id);
}

interface RemoveGroupProps {
  readonly graph: Graph;
  readonly id: string;
  readonly disabled: boolean;
  readonly onRemove: () => void;
}

function RemoveGroup({ graph, id, disabled, onRemove }: RemoveGroupProps) {
  const say = useWords();
  const name = useGroupName(graph, id);
  return (
    <Button size="small" disabled={disabled} aria-label={say('policyEditor.removeWhich', { name })} onClick={onRemove}>
      {say('policyEditor.remove')}
    </Button>
  );
}

interface FindGroupProps {
  readonly graph: Graph;
  readonly taken: readonly string[];
  readonly onlyLeaveOut: boolean;
  readonly onPut: (id: string, left: boolean) => void;
}

function FindGroup({ graph, taken, onlyLeaveOut, onPut }: FindGroupProps) {
  const say = useWords();
  const styles = usePageStyles();
  const id = useId();
  const title = say(onlyLeaveOut ? 'policyEditor.leaveGroup' : 'policyEditor.addGroup');
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
        {title}
      </h3>
      <Field label={say('policyEditor.searchGroup')}>
        <SearchBox value={typed} maxLength={200} onChange={(_, { value }) => setTyped(value)} />
      </Field>
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {found.isSuccess && groups.length === 0 ? (
        <p className={styles.quiet}>
          {say(found.data.length === 0 ? 'policyEditor.noGroup' : 'policyEditor.allTaken')}
        </p>
      ) : null}
      {groups.length === 0 ? null : (
        <ListTable
          label={title}
          columns={[say('policyEditor.group'), say('personList.actions')]}
          rows={groups.map((group) => ({
            key: group.id,
            cells: [group.displayName, <PutGroup key="put" group={group} onlyLeaveOut={onlyLeaveOut} onPut={onPut} />],
          }))}
        />
      )}
    </section>
  );
}

interface PutGroupProps extends Pick<FindGroupProps, 'onlyLeaveOut' | 'onPut'> {
  readonly group: GroupName;
}

function PutGroup({ group, onlyLeaveOut, onPut }: PutGroupProps) {
  const say = useWords();
  const styles = usePageStyles();
  const name = group.displayName;
  return (
    <div className={styles.tools}>
      {onlyLeaveOut ? null : (
        <Button
          size="small"
          aria-label={say('policyEditor.includeWhich', { name })}
          onClick={() => onPut(group.id, false)}
        >
          {say('policyEditor.include')}
        </Button>
      )}
      <Button size="small" aria-label={say('policyEditor.leaveWhich', { name })} onClick={() => onPut(group.id, true)}>
        {say('policyEditor.leave')}
      </Button>
    </div>
  );
}
