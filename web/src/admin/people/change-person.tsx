/** Asks before an account is disabled or its password reset, says what that does, does it, and shows a new password once. */

import type { GraphUser } from '@carryover/model/admin';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Question } from '../parts/question.tsx';
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
    <Question
      title={say(`personList.${change}`, { name })}
      doIt={say(change === 'reset' ? 'personList.resetShort' : 'personList.disableShort')}
      deed={doing}
      onClose={onClose}
    >
      <span>{say(change === 'reset' ? 'personList.resetWhat' : 'personList.disableWhat', { name })}</span>
    </Question>
  );
}
