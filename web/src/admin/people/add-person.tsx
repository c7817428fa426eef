/** Adds one person: name and user name in, and then the temporary password, shown this once. */

import { isUserPrincipalName } from '@carryover/model/people-import';
import { Button, Field, Input } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Modal } from '../parts/modal.tsx';
import { Problem } from '../parts/problem.tsx';
import { PasswordOnce } from './password-once.tsx';
import { addPerson } from './people-data.ts';

export function AddPerson({ graph, onClose }: { readonly graph: Graph; readonly onClose: () => void }) {
  const say = useWords();
  const queries = useQueryClient();
  const [displayName, setDisplayName] = useState('');
  const [userPrincipalName, setUserPrincipalName] = useState('');
  const [tried, setTried] = useState(false);
  const adding = useMutation({
    mutationFn: () =>
      addPerson(graph, { displayName: displayName.trim(), userPrincipalName: userPrincipalName.trim() }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['people'] }),
  });
  const nameFault = displayName.trim() === '' ? say('personList.noDisplayName') : null;
  const userFault = isUserPrincipalName(userPrincipalName.trim()) ? null : say('personList.badName');
  const add = () => {
    setTried(true);
    // Enter is pressed twice more easily than a button that goes off.
    if (nameFault === null && userFault === null && !adding.isPending) adding.mutate();
  };
  if (adding.data !== undefined) {
    const { displayName: name, userPrincipalName: userName, password } = adding.data;
    return (
      <PasswordOnce sentence={say('personList.added', { name, userName })} password={password} onClose={onClose} />
    );
  }
  return (
    <Modal
      title={say('personList.add')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button appearance="primary" disabled={adding.isPending} onClick={add}>
            {say('personList.add')}
          </Button>
        </>
      }
    >
      <Field label={say('personList.name')} required validationMessage={tried ? nameFault : null}>
        <Input value={displayName} maxLength={256} onChange={(_, { value }) => setDisplayName(value)} />
      </Field>
      <Field label={say('personList.userName')} required validationMessage={tried ? userFault : null}>
        <Input
          value={userPrincipalName}
          maxLength={320}
          autoComplete="off"
          spellCheck={false}
          onChange={(_, { value }) => setUserPrincipalName(value)}
          onKeyDown={({ key }) => (key === 'Enter' ? add() : undefined)}
        />
      </Field>
      {adding.error === null ? null : <Problem error={adding.error} cause={say('page.notDone')} />}
    </Modal>
  );
}
