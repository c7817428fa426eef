/** Makes an enrollment token: for how long, how many devices and which Autopilot profile, then the ready command, shown this once. */

import { Button, Field, Input, Select } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CopyText } from '../../shared/copy-text.tsx';
import type { Graph } from '../../shared/graph.ts';
import { fullTime } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { Modal } from '../parts/modal.tsx';
import { Problem } from '../parts/problem.tsx';
import { listProfiles } from './autopilot-data.ts';
import { createToken, type MadeToken } from './enrollment-data.ts';
import { ProfileSelect } from './profile-select.tsx';

/** How long a token may work, in days. */
const LIFETIMES_DAYS = [1, 3, 7, 30, 90, 365];
const MAX_USES = 100_000;

export function CreateToken({ graph, onClose }: { readonly graph: Graph; readonly onClose: () => void }) {
  const say = useWords();
  const queries = useQueryClient();
  const [days, setDays] = useState('3');
  const [uses, setUses] = useState('1');
  const [profileId, setProfileId] = useState('');
  const { data: profiles = [] } = useQuery({
    queryKey: ['autopilotProfiles'],
    queryFn: ({ signal }) => listProfiles(graph, signal),
  });
  const count = Number(uses);
  const fits = Number.isInteger(count) && count >= 1 && count <= MAX_USES;
  const creating = useMutation({
    mutationFn: () =>
      createToken(graph, {
        expiresInHours: Number(days) * 24,
        uses: count,
        ...(profileId === '' ? {} : { autopilotProfileId: profileId }),
      }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['tokens'] }),
  });
  if (creating.data !== undefined) return <Made made={creating.data} onClose={onClose} />;
  return (
    <Modal
      title={say('tokens.create')}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button appearance="primary" disabled={!fits || creating.isPending} onClick={() => creating.mutate()}>
            {say('tokens.create')}
          </Button>
        </>
      }
    >
      <Field label={say('tokens.validFor')}>
        <Select value={days} onChange={(_, { value }) => setDays(value)}>
          {LIFETIMES_DAYS.map((n) => (
            <option key={n} value={n}>
              {say('count.days', { n })}
            </option>
          ))}
        </Select>
      </Field>
      <Field label={say('tokens.uses')} validationMessage={fits ? null : say('tokens.usesRange')}>
        <Input type="number" min={1} max={MAX_USES} value={uses} onChange={(_, { value }) => setUses(value)} />
      </Field>
      {profiles.length === 0 ? null : (
        <ProfileSelect profiles={profiles} value={profileId} noneIs={say('tokens.noProfile')} onChange={setProfileId} />
      )}
      {creating.error === null ? null : <Problem error={creating.error} cause={say('page.notDone')} />}
    </Modal>
  );
}

function Made({ made, onClose }: { readonly made: MadeToken; readonly onClose: () => void }) {
  const say = useWords();
  const { language } = useLanguage();
  const until = fullTime(made.expirationDateTime, { language });
  return (
    <Modal
      title={say('tokens.title')}
      onClose={onClose}
      actions={
        <Button appearance="primary" onClick={onClose}>
          {say('common.close')}
        </Button>
      }
    >
      <span>{say('tokens.made', { n: made.uses, until })}</span>
      <CopyText text={made.command} />
      <span>{say('page.shownOnce')}</span>
    </Modal>
  );
}
