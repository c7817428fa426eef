/** Who is in a group now. Members of an assigned group come and go here, one at a time; those of a rule follow it. */

import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useId, useRef, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { ListTable } from '../parts/list-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { Question } from '../parts/question.tsx';
import { ShowMore } from '../parts/show-more.tsx';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { AddMembers } from './add-members.tsx';
import { aboutOf, forgetGroups, type Group, listMembers, type Member, removeMember } from './groups-data.ts';

export interface MemberListProps {
  readonly graph: Graph;
  readonly group: Group;
  readonly may: boolean;
}

export function MemberList({ graph, group, may }: MemberListProps) {
  const say = useWords();
  const styles = usePageStyles();
  const id = useId();
  const place = useRef<HTMLElement>(null);
  const [isAdding, setAdding] = useState(false);
  const [leaving, setLeaving] = useState<Member>();
  const found = useInfiniteQuery({
    queryKey: ['groupMembers', group.id],
    queryFn: ({ pageParam, signal }) => listMembers(graph, group.id, { nextLink: pageParam, signal }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextLink }) => nextLink,
  });
  const members = found.data?.pages.flatMap(({ value }) => value) ?? [];
  const isAssigned = group.membershipRule === null;
  return (
    <section ref={place} tabIndex={-1} aria-labelledby={id} className={styles.stack}>
      <div className={styles.tools}>
        <h2 id={id} className={styles.heading}>
          {say('groupList.members')}
        </h2>
        {isAssigned ? (
          <TaskButton task="groups" may={may} quiet onClick={() => setAdding(true)}>
            {say('groupPage.add')}
          </TaskButton>
        ) : null}
      </div>
      {isAssigned || members.length === 0 ? null : <p className={styles.quiet}>{say(whoOf(group))}</p>}
      {found.isPending ? <Waiting rows={4} /> : null}
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {found.isSuccess && members.length === 0 ? (
        <p className={styles.plain}>{say(isAssigned ? 'groupPage.nobody' : 'groupPage.nobodyNow')}</p>
      ) : null}
      {members.length === 0 ? null : (
        <MemberTable members={members} mayRemove={isAssigned ? may : undefined} onRemove={setLeaving} />
      )}
      <ShowMore list={found} />
      {isAdding ? <AddMembers graph={graph} group={group} members={members} onClose={() => setAdding(false)} /> : null}
      {leaving === undefined ? null : (
        <RemoveMember
          graph={graph}
          group={group}
          member={leaving}
          elseFocus={place}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </section>
  );
}

/** The name of the sentence that says whom the list of a rule's members names. */
function whoOf({ membershipRule }: Group) {
  return aboutOf(membershipRule ?? '') === 'both' ? 'groupPage.membersBoth' : 'groupPage.membersNow';
}

interface MemberTableProps {
  readonly members: readonly Member[];
  /** Undefined when nobody removes members here. */
  readonly mayRemove: boolean | undefined;
  readonly onRemove: (member: Member) => void;
}

function MemberTable({ members, mayRemove, onRemove }: MemberTableProps) {
  const say = useWords();
  const columns = [say('groupList.name'), say('groupPage.what'), say('groupPage.account')];
  return (
    <ListTable
      label={say('groupList.members')}
      columns={mayRemove === undefined ? columns : [...columns, say('personList.actions')]}
      rows={members.map((member) => ({
        key: member.id,
        cells: [
          <bdi key="name">{member.displayName}</bdi>,
          say(member['@odata.type'] === '#microsoft.graph.user' ? 'groupPage.person' : 'groupPage.device'),
          <bdi key="account">{member.userPrincipalName ?? member.operatingSystem}</bdi>,
          mayRemove === undefined ? null : (
            <TaskButton
              key="remove"
              task="groups"
              may={mayRemove}
              small
              quiet
              label={say('policyEditor.removeWhich', { name: member.displayName })}
              onClick={() => onRemove(member)}
            >
              {say('policyEditor.remove')}
            </TaskButton>
          ),
        ],
      }))}
    />
  );
}

interface RemoveMemberProps {
  readonly graph: Graph;
  readonly group: Group;
  readonly member: Member;
  readonly elseFocus: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

function RemoveMember({ graph, group, member, elseFocus, onClose }: RemoveMemberProps) {
  const say = useWords();
  const queries = useQueryClient();
  const names = { name: member.displayName, group: group.displayName };
  const removal = useMutation({
    mutationFn: () => removeMember(graph, group.id, member.id),
    onSuccess: async () => {
      // The row's button goes with the answer; the dialog closes after it, so that the focus has a place to go.
      await forgetGroups(queries);
      onClose();
    },
  });
  return (
    <Question
      title={say('groupPage.removeAsk', names)}
      doIt={say('groupPage.removeNow')}
      deed={removal}
      onClose={onClose}
      elseFocus={elseFocus}
    >
      <span>{say('groupPage.removeWhat', names)}</span>
    </Question>
  );
}
