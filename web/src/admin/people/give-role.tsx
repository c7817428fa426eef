/** Gives a role to a person: which, and to whom by the user name. */

import { Button, Field, Input, Select } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Modal } from '../parts/modal.tsx';
import { Problem } from '../parts/problem.tsx';
import { findPerson, giveRole, type RoleName } from './roles-data.ts';

export interface GiveRoleProps {
  readonly graph: Graph;
  readonly roles: readonly RoleName[];
  readonly onClose: () => void;
}

export function GiveRole({ graph, roles, onClose }: GiveRoleProps) {
  const say = useWords();
  const queries = useQueryClient();
  const [roleId, setRoleId] = useState(roles[0]?.id ?? '');
  const [userName, setUserName] = useState('');
  const [unknown, setUnknown] = useState(false);
  const giving = useMutation({
    mutationFn: async (): Promise<boolean> => {
      const person = await findPerson(graph, userName.trim(), AbortSignal.timeout(30_000));
      if (person !== undefined) await giveRole(graph, roleId, person.id);
      return person !== undefined;
    },
    onSuccess: async (isGiven) => {
      setUnknown(!isGiven);
      if (!isGiven) return;
      await queries.invalidateQueries({ queryKey: ['heldRoles'] });
      await queries.invalidateQueries({ queryKey: ['ownRoles'] });
      onClose();
    },
  });
  const give = () => {
    if (giving.isPending) return;
    if (userName.trim() === '') setUnknown(true);
    else giving.mutate();
  };
  return (
    <Modal
      title={say('roleList.give')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button appearance="primary" disabledFocusable={giving.isPending} onClick={give}>
            {say('roleList.giveNow')}
          </Button>
        </>
      }
    >
      <Field label={say('roleList.role')}>
        <Select value={roleId} onChange={(_, { value }) => setRoleId(value)}>
          {roles.map(({ id, displayName }) => (
            <option key={id} value={id}>
              {displayName}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={say('personList.userName')} required validationMessage={unknown ? say('roleList.unknown') : null}>
        <Input
          value={userName}
          maxLength={200}
          autoComplete="off"
          spellCheck={false}
          onChange={(_, { value }) => {
            setUserName(value);
            setUnknown(false);
          }}
          onKeyDown={({ key }) => (key === 'Enter' ? give() : undefined)}
        />
      </Field>
      {giving.error === null ? null : <Problem error={giving.error} cause={say('page.notDone')} />}
    </Modal>
  );
}
