/** Asks before an account is disabled or its password reset, says what that does, does it, and shows a new password once. */

import type { GraphUser } from '@carryover/model/admin';
import { Button } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Modal } from '../parts/modal.tsx';
import { Problem } from '../parts/problem.tsx';
import { PasswordOnce } from './password-once.tsx';
import { enablePerson, type OneTimePassword, resetPassword } from './people-data.ts';

export interface ChangePersonProps {
  readonly graph: Graph;
  readonly change: 'disable' | 'reset';
  readonly person: GraphUser;
  readonly onClose: () => void;
}

export function ChangePerson({ graph, change, person, onClose }: ChangePersonProps) {
  const say = useWords();
  const queries = useQueryClient();
  const name = person.displayName;
  const doing = useMutation({
    mutationFn: async (): Promise<OneTimePassword | undefined> => {
      if (change === 'reset') return resetPassword(graph, person);
      await enablePerson(graph, person.id, false);
      return undefined;
    },
    onSuccess: async (made) => {
      await queries.invalidateQueries({ queryKey: ['people'] });
      if (made === undefined) onClose();
    },
  });
  if (doing.data !== undefined)
    return (
      <PasswordOnce sentence={say('personList.wasReset', { name })} password={doing.data.password} onClose={onClose} />
    );
  return (
    <Modal
      title={say(`personList.${change}`, { name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button appearance="primary" disabled={doing.isPending} onClick={() => doing.mutate()}>
            {say(change === 'reset' ? 'personList.resetShort' : 'personList.disableShort')}
          </Button>
        </>
      }
    >
      <span>{say(change === 'reset' ? 'personList.resetWhat' : 'personList.disableWhat', { name })}</span>
      {doing.error === null ? null : <Problem error={doing.error} cause={say('page.notDone')} />}
    </Modal>
  );
}
