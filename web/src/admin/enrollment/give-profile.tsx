/** Gives one registered PC a profile of its own. */

import { Button } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { Modal } from '../parts/modal.tsx';
import { Problem } from '../parts/problem.tsx';
import { givePcs, type RegisteredPc, type SavedProfile } from './autopilot-data.ts';
import { useModeMeaning } from './mode-words.tsx';
import { ProfileSelect } from './profile-select.tsx';

export interface GiveProfileProps {
  readonly graph: Graph;
  readonly pc: RegisteredPc;
  readonly profiles: readonly SavedProfile[];
  readonly onClose: () => void;
}

export function GiveProfile({ graph, pc, profiles, onClose }: GiveProfileProps) {
  const say = useWords();
  const queries = useQueryClient();
  const meaningOf = useModeMeaning();
  const [profileId, setProfileId] = useState(pc.carryover.autopilotProfileId ?? profiles[0]?.id ?? '');
  const mode = profiles.find(({ id }) => id === profileId)?.draft.mode;
  const giving = useMutation({
    mutationFn: () => givePcs(graph, profileId, [pc.id]),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['registeredPcs'] });
      onClose();
    },
  });
  return (
    <Modal
      title={say('registeredPcs.giveWhich', { name: pc.serialNumber || pc.id.slice(0, 8) })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button
            appearance="primary"
            disabled={mode === undefined || giving.isPending}
            onClick={() => giving.mutate()}
          >
            {say('registeredPcs.give')}
          </Button>
        </>
      }
    >
      <ProfileSelect profiles={profiles} value={profileId} onChange={setProfileId} />
      <span role="status">{mode === undefined ? '' : meaningOf(mode)}</span>
      <span>{say('registeredPcs.ownWins')}</span>
      {giving.error === null ? null : <Problem error={giving.error} cause={say('page.notDone')} />}
    </Modal>
  );
}
