/** Registers one PC by the serial number of its maker. */

import { Button, Field, Input } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Modal } from '../parts/modal.tsx';
import { Problem } from '../parts/problem.tsx';
import { givePcs, registerPc, type SavedProfile } from './autopilot-data.ts';
import { ProfileSelect } from './profile-select.tsx';

export interface RegisterPcProps {
  readonly graph: Graph;
  readonly profiles: readonly SavedProfile[];
  readonly onClose: () => void;
}

export function RegisterPc({ graph, profiles, onClose }: RegisterPcProps) {
  const say = useWords();
  const queries = useQueryClient();
  const [serialNumber, setSerialNumber] = useState('');
  const [groupTag, setGroupTag] = useState('');
  const [profileId, setProfileId] = useState('');
  const registering = useMutation({
    mutationFn: async () => {
      const id = await registerPc(graph, { serialNumber: serialNumber.trim(), groupTag: groupTag.trim() });
      if (profileId !== '') await givePcs(graph, profileId, [id]);
    },
    onSuccess: onClose,
    // Also when it was registered and the profile could not be given.
    onSettled: () => queries.invalidateQueries({ queryKey: ['registeredPcs'] }),
  });
  return (
    <Modal
      title={say('registeredPcs.add')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button
            appearance="primary"
            disabled={serialNumber.trim() === '' || registering.isPending}
            onClick={() => registering.mutate()}
          >
            {say('registeredPcs.add')}
          </Button>
        </>
      }
    >
      <Field label={say('registeredPcs.serial')} hint={say('registeredPcs.serialWhat')} required>
        <Input value={serialNumber} maxLength={128} onChange={(_, { value }) => setSerialNumber(value)} />
      </Field>
      <Field label={say('registeredPcs.tag')} hint={say('registeredPcs.tagWhat')}>
        <Input value={groupTag} maxLength={512} onChange={(_, { value }) => setGroupTag(value)} />
      </Field>
      <ProfileSelect
        profiles={profiles}
        value={profileId}
        noneIs={say('registeredPcs.byAssignment')}
        onChange={setProfileId}
      />
      {registering.error === null ? null : <Problem error={registering.error} cause={say('page.notDone')} />}
    </Modal>
  );
}
