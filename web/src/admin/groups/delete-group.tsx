/** Asks before a group is deleted and says what that means; what still aims at the group, the service names. */

import { KnownError } from '@carryover/model/errors';
import { Button } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Modal } from '../parts/modal.tsx';
import { Problem } from '../parts/problem.tsx';
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
    <Modal
      title={say('groupPage.deleteWhich', { name: group.displayName })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button appearance="primary" disabledFocusable={removal.isPending} onClick={() => removal.mutate()}>
            {say('groupPage.delete')}
          </Button>
        </>
      }
    >
      <span>{say('groupPage.deleteWhat')}</span>
      <span>{say('groupPage.deleteUsed')}</span>
      {removal.error === null ? null : (
        <Problem error={removal.error} cause={say(isUsed(removal.error) ? 'groupPage.stillUsed' : 'page.notDone')} />
      )}
    </Modal>
  );
}

function isUsed(error: Error): boolean {
  return error instanceof KnownError && error.inner === 'groupAssigned';
}
