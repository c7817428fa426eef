/** Asks before a group is deleted and says what that means; what still aims at the group, the service names. */

import { KnownError } from '@carryover/model/errors';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Question } from '../parts/question.tsx';
import { deleteGroup, forgetGroups, type Group } from './groups-data.ts';

export interface DeleteGroupProps {
  readonly graph: Graph;
  readonly group: Group;
  readonly onClose: () => void;
  readonly onGone: () => void;
}

export function DeleteGroup({ graph, group, onClose, onGone }: DeleteGroupProps) {
  const say = useWords();
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: () => deleteGroup(graph, group),
    onSuccess: async () => {
      // A group that is gone is in no list, and not asked for again: its page closes first.
      queries.removeQueries({ queryKey: ['groupList'] });
      onGone();
      await forgetGroups(queries);
    },
  });
  return (
    <Question
      title={say('groupPage.deleteWhich', { name: group.displayName })}
      doIt={say('groupPage.delete')}
      deed={removal}
      cause={(error) => say(isUsed(error) ? 'groupPage.stillUsed' : 'page.notDone')}
      onClose={onClose}
    >
      <span>{say('groupPage.deleteWhat')}</span>
      <span>{say('groupPage.deleteUsed')}</span>
    </Question>
  );
}

function isUsed(error: Error): boolean {
  return error instanceof KnownError && error.inner === 'groupAssigned';
}
