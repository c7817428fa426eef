/** One Autopilot profile: how PCs with it are set up, what that means for restore, and which PCs get it. */

import { Button, Field, Radio, RadioGroup } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { Reason } from '../../shared/reason.tsx';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { NameFields } from '../parts/name-fields.tsx';
import { Problem } from '../parts/problem.tsx';
import { Question } from '../parts/question.tsx';
import { useMay } from '../parts/roles.ts';
import { TargetList } from '../parts/target-list.tsx';
import { TargetNames } from '../parts/target-names.tsx';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import {
  NEW_PROFILE,
  openProfile,
  PROFILE_MODES,
  type Profile,
  type ProfileDraft,
  profileChanged,
  removeProfile,
  type SavedProfile,
  saveProfile,
} from './autopilot-data.ts';
import { useModeMeaning } from './mode-words.tsx';

export interface ProfileEditorProps {
  readonly graph: Graph;
  /** "new" for one that is still to be made. */
  readonly id: string;
  /** After a first save, and after a removal (undefined: back to the list). */
  readonly onGo: (id: string | undefined) => void;
}

export function ProfileEditor({ graph, id, onGo }: ProfileEditorProps) {
  const say = useWords();
  const found = useQuery({
    queryKey: ['autopilotProfile', id],
    queryFn: ({ signal }): Promise<Profile> | Profile => (id === 'new' ? NEW_PROFILE : openProfile(graph, id, signal)),
    // What is edited must not change under the hands of who edits it; a conflict is told when it is saved.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
  });
  if (found.data === undefined || (found.isFetching && !found.isFetchedAfterMount))
    return (
      <>
        <PageHead size="admin" parent={say('autopilot.title')} title={say('autopilot.profile')} />
        {found.error === null ? (
          <Waiting rows={3} rowHeight={160} />
        ) : (
          <Problem error={found.error} onAgain={() => void found.refetch()} />
        )}
      </>
    );
  return (
    <OpenEditor
      // Read again, it is edited from there.
      key={found.dataUpdatedAt}
      graph={graph}
      profile={found.data}
      onAgain={() => found.refetch()}
      onGo={onGo}
    />
  );
}

interface OpenEditorProps {
  readonly graph: Graph;
  readonly profile: Profile;
  /** Reads it again, to be edited from there. */
  readonly onAgain: () => Promise<unknown>;
  readonly onGo: ProfileEditorProps['onGo'];
}

function OpenEditor({ graph, profile, onAgain, onGo }: OpenEditorProps) {
  const say = useWords();
  const styles = usePageStyles();
  const queries = useQueryClient();
  const may = useMay(graph)('devices');
  const basics = useRef<HTMLElement>(null);
  const [draft, setDraft] = useState(profile.draft);
  const [removing, setRemoving] = useState(false);
  const saving = useMutation({
    mutationFn: () => saveProfile(graph, profile, draft),
    onSuccess: async (id) => {
      await queries.invalidateQueries({ queryKey: ['autopilotProfiles'] });
      if (profile.id === undefined) onGo(id);
      // Nobody may type meanwhile: it would go with what was read before.
      else await onAgain();
    },
  });
  const change = (part: Partial<ProfileDraft>) => {
    saving.reset();
    setDraft({ ...draft, ...part });
  };
  const changed = profileChanged(profile, draft);
  const unnamed = draft.name.trim() === '';
  const disabled = !may || saving.isPending;
  return (
    <>
      <PageHead
        size="admin"
        parent={say('autopilot.title')}
        title={profile.id === undefined ? say('autopilot.create') : profile.draft.name}
        actions={
          <div className={styles.tools}>
            <Button
              disabledFocusable={!changed && draft.join === 'joined'}
              onClick={() => {
                setDraft(profile.draft);
                basics.current?.querySelector('input')?.focus();
              }}
            >
              {say('page.discard')}
            </Button>
            <TaskButton
              task="devices"
              may={may}
              primary
              disabled={!changed || unnamed || draft.join === 'hybrid' || saving.isPending}
              onClick={() => saving.mutate()}
            >
              {say('page.save')}
            </TaskButton>
          </div>
        }
      />
      <div className={styles.stack}>
        {saving.error === null ? null : (
          <Problem error={saving.error} cause={say('page.notDone')} onAgain={() => void onAgain()} />
        )}
        <div role="status">{unnamed ? <p className={styles.plain}>{say('autopilot.needsName')}</p> : null}</div>
        <section ref={basics} aria-label={say('policyEditor.basics')} className={styles.card}>
          <h2 className={styles.heading}>{say('policyEditor.basics')}</h2>
          <NameFields draft={draft} disabled={disabled} onChange={change} />
        </section>
        <HowSetUp draft={draft} disabled={disabled} onChange={change} />
        <section aria-label={say('policyEditor.assignments')} className={styles.card}>
          <h2 className={styles.heading}>{say('policyEditor.assignments')}</h2>
          <p className={styles.quiet}>{say('autopilot.assignWhat')}</p>
          <TargetList
            graph={graph}
            targets={draft.targets}
            disabled={disabled}
            everybodyIs={say('autopilot.allPcs')}
            onChange={(targets) => change({ targets })}
          />
        </section>
        <BeforeSaving graph={graph} draft={draft} changed={changed} />
        {profile.id === undefined ? null : (
          <div>
            <TaskButton task="devices" may={may} quiet onClick={() => setRemoving(true)}>
              {say('autopilot.delete')}
            </TaskButton>
          </div>
        )}
      </div>
      {removing && isSaved(profile) ? (
        <RemoveProfile
          graph={graph}
          profile={profile}
          onClose={() => setRemoving(false)}
          onGone={() => onGo(undefined)}
        />
      ) : null}
    </>
  );
}

function isSaved(profile: Profile): profile is SavedProfile {
  return profile.id !== undefined;
}

interface HowSetUpProps {
  readonly draft: ProfileDraft;
  readonly disabled: boolean;
  readonly onChange: (part: Partial<ProfileDraft>) => void;
}

function HowSetUp({ draft, disabled, onChange }: HowSetUpProps) {
  const say = useWords();
  const styles = usePageStyles();
  const meaningOf = useModeMeaning();
  return (
    <section aria-label={say('autopilot.howSetUp')} className={styles.card}>
      <h2 className={styles.heading}>{say('autopilot.howSetUp')}</h2>
      <Field label={say('autopilot.mode')}>
        <RadioGroup
          value={draft.mode}
          disabled={disabled}
          onChange={(_, { value }) => {
            const mode = PROFILE_MODES.find((known) => known === value);
            if (mode !== undefined) onChange({ mode });
          }}
        >
          {PROFILE_MODES.map((mode) => (
            <Radio key={mode} value={mode} label={say(`autopilot.mode.${mode}`)} />
          ))}
        </RadioGroup>
      </Field>
      <p role="status" className={styles.plain}>
        {meaningOf(draft.mode)}
      </p>
      <Field label={say('deviceList.join')}>
        <RadioGroup
          value={draft.join}
          disabled={disabled}
          onChange={(_, { value }) => onChange({ join: value === 'hybrid' ? 'hybrid' : 'joined' })}
        >
          <Radio value="joined" label={say('deviceList.join.azureADJoined')} />
          <Radio value="hybrid" label={say('deviceList.join.hybridAzureADJoined')} />
        </RadioGroup>
      </Field>
      <div role="status">
        {draft.join === 'hybrid' ? <Reason cause={say('autopilot.hybrid')}>{say('autopilot.noHybrid')}</Reason> : null}
      </div>
    </section>
  );
}

interface BeforeSavingProps {
  readonly graph: Graph;
  readonly draft: ProfileDraft;
  readonly changed: boolean;
}

function BeforeSaving({ graph, draft, changed }: BeforeSavingProps) {
  const say = useWords();
  const styles = usePageStyles();
  if (!changed) return null;
  return (
    <section aria-label={say('policy.preview')} className={styles.card}>
      <h2 className={styles.heading}>{say('policy.preview')}</h2>
      <p className={styles.plain}>
        {say('autopilot.assigned')}:{' '}
        <TargetNames graph={graph} targets={draft.targets} everybodyIs={say('autopilot.allPcs')} />
      </p>
      <p className={styles.plain}>{say('autopilot.countsOnce')}</p>
    </section>
  );
}

interface RemoveProfileProps {
  readonly graph: Graph;
  readonly profile: SavedProfile;
  readonly onClose: () => void;
  readonly onGone: () => void;
}

function RemoveProfile({ graph, profile, onClose, onGone }: RemoveProfileProps) {
  const say = useWords();
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: () => removeProfile(graph, profile),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['autopilotProfiles'] }),
        queries.invalidateQueries({ queryKey: ['registeredPcs'] }),
      ]);
      onGone();
    },
  });
  return (
    <Question
      title={say('policyEditor.deleteWhich', { name: profile.draft.name })}
      doIt={say('autopilot.delete')}
      deed={removal}
      onClose={onClose}
    >
      <span>{say('autopilot.deleteWhat')}</span>
    </Question>
  );
}
