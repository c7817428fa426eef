/**
 * One policy document that is there: what it is called, what it says, whom it reaches, what saving it would do, and its
 * history. One that is still to be made is made in steps, see policy-wizard.tsx.
 */

import { KnownError } from '@carryover/model/errors';
import { Button, makeStyles } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useId, useLayoutEffect, useRef, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { tokens } from '../../shared/theme.ts';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-policies.ts';
import { NameFields } from '../parts/name-fields.tsx';
import { Problem } from '../parts/problem.tsx';
import { Question } from '../parts/question.tsx';
import { useMay } from '../parts/roles.ts';
import { TargetList } from '../parts/target-list.tsx';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { cleaned, type Draft, faultsOf } from './draft.ts';
import { type Mine, MineBeside } from './mine-beside.tsx';
import { rowFault } from './oma-rows.ts';
import { PolicyConflict } from './policy-conflict.tsx';
import { differingParts } from './policy-diff.ts';
import { type OpenPolicy, openPolicy, removePolicy, savePolicy } from './policy-documents.ts';
import { PolicyHistory } from './policy-history.tsx';
import type { PolicyPlace } from './policy-list.tsx';
import { PolicyWizard } from './policy-wizard.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { SectionLinks } from './section-links.tsx';
import { Settings } from './settings-part.tsx';
import { usePreview } from './use-preview.ts';

const useStyles = makeStyles({
  // What saving does stands beside what is edited where there is room, and below it elsewhere.
  columns: {
    display: 'grid',
    gridTemplateColumns: 'minmax(0, 1fr)',
    gap: tokens.spacingHorizontalXL,
    alignItems: 'start',
    '@media (min-width: 1200px)': { gridTemplateColumns: 'minmax(0, 1fr) 24rem' },
  },
});

export interface PolicyEditorProps {
  readonly graph: Graph;
  readonly place: PolicyPlace;
  /** After a first save, and after a removal (undefined: back to the list). */
  readonly onGo: (place: PolicyPlace | undefined) => void;
  /** Is there anything that would be lost by leaving. */
  readonly onTyped?: (isTyped: boolean) => void;
}

export function PolicyEditor({ graph, place, onGo, onTyped = ignored }: PolicyEditorProps) {
  if (place.id === 'new') return <PolicyWizard graph={graph} first={place.kind} onGo={onGo} onTyped={onTyped} />;
  return <PolicyAt graph={graph} place={place} onGo={onGo} onTyped={onTyped} />;
}

function ignored(): void {}

function PolicyAt({ graph, place, onGo, onTyped }: Required<PolicyEditorProps>) {
  const say = useWords();
  const found = useQuery({
    queryKey: ['policy', place.kind, place.id],
    queryFn: ({ signal }) => openPolicy(graph, place, signal),
    // What is edited must not change under the hands of who edits it; a conflict is told when it is saved.
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
  });
  if (found.data === undefined || (found.isFetching && !found.isFetchedAfterMount))
    return (
      <>
        <PageHead size="admin" title={say('policyEditor.loading')} />
        {found.error === null ? (
          <Waiting rows={3} rowHeight={160} />
        ) : (
          <Problem error={found.error} onAgain={() => void found.refetch()} />
        )}
      </>
    );
  return (
    <OpenEditor
      key={`${found.data.id} ${found.data.etag}`}
      graph={graph}
      opened={{ ...found.data, id: place.id }}
      onAgain={() => found.refetch()}
      onGo={onGo}
      onTyped={onTyped}
    />
  );
}

type SavedPolicy = OpenPolicy & { readonly id: string };

interface OpenEditorProps extends Pick<Required<PolicyEditorProps>, 'graph' | 'onGo' | 'onTyped'> {
  readonly opened: SavedPolicy;
  /** Reads it again, to be edited from there. */
  readonly onAgain: () => Promise<unknown>;
}

function OpenEditor({ graph, opened, onAgain, onGo, onTyped }: OpenEditorProps) {
  const say = useWords();
  const styles = usePageStyles();
  const own = useStyles();
  const queries = useQueryClient();
  const may = useMay(graph)('devices');
  const basics = useRef<HTMLElement>(null);
  const id = useId();
  // What the draft is compared with: as it was opened, or as somebody else made it meanwhile.
  const [policy, setPolicy] = useState(opened);
  const [draft, setDraft] = useState(opened.draft);
  const [mine, setMine] = useState<Mine>();
  const [removing, setRemoving] = useState(false);
  const change = (part: Partial<Draft>) => {
    saving.reset();
    setDraft({ ...draft, ...part });
  };
  const saving = useMutation({
    mutationFn: (base: OpenPolicy) => savePolicy(graph, { policy: base, draft: cleaned(draft) }),
    onSuccess: async () => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['policies'] }),
        queries.invalidateQueries({ queryKey: ['policyConflicts'] }),
        queries.invalidateQueries({ queryKey: ['backupSwitch'] }),
      ]);
      // Nobody may type meanwhile: it would go with what was read before.
      await onAgain();
    },
  });
  const parts = differingParts(policy.draft, cleaned(draft));
  const isTyped = parts.length > 0 || mine !== undefined;
  // Before the page is seen: whoever leaves at once is asked about what is there, not about what was.
  useLayoutEffect(() => {
    onTyped(isTyped);
    return () => onTyped(false);
  }, [isTyped, onTyped]);
  const faults = faultsOf(draft, say);
  const preview = usePreview(graph, { policy, draft: cleaned(draft), enabled: faults.length === 0 });
  const refusal = saving.error ?? preview.error;
  const isConflict = saving.error instanceof KnownError && saving.error.code === 'resourceModified';
  const disabled = !may || saving.isPending;
  return (
    <>
      <PageHead
        size="admin"
        parent={say('backupSwitch.title')}
        title={policy.draft.name}
        lead={say(policy.kind === 'catalog' ? 'policyList.catalog' : 'policyList.custom')}
        actions={
          <div className={styles.tools}>
            <Button
              disabledFocusable={parts.length === 0}
              onClick={() => {
                setDraft(policy.draft);
                saving.reset();
                basics.current?.querySelector('input')?.focus();
              }}
            >
              {say('page.discard')}
            </Button>
            <TaskButton
              task="devices"
              may={may}
              primary
              disabled={parts.length === 0 || faults.length > 0 || saving.isPending || isConflict}
              onClick={() => saving.mutate(policy)}
            >
              {say('policy.save', { n: parts.length })}
            </TaskButton>
          </div>
        }
      />
      <SectionLinks
        sections={[
          [`${id}basics`, say('policyEditor.basics')],
          [`${id}settings`, say('policyEditor.settings')],
          [`${id}targets`, say('policyEditor.assignments')],
          [`${id}history`, say('policyHistory.title')],
          ...(faults.length > 0 ? [] : [[`${id}preview`, say('policy.preview')] as const]),
        ]}
      />
      <div className={own.columns}>
        <div className={styles.stack}>
          {saving.error === null || isConflict || rowFault(saving.error, draft.oma) !== undefined ? null : (
            <Problem error={saving.error} cause={say('page.notDone')} />
          )}
          {isConflict ? (
            <PolicyConflict
              graph={graph}
              policy={policy}
              draft={cleaned(draft)}
              error={saving.error as KnownError}
              onLoad={(theirs) => {
                setMine({ draft: cleaned(draft), parts });
                setPolicy({ ...theirs, id: policy.id });
                setDraft(theirs.draft);
                saving.reset();
              }}
              onSaveOver={(theirs) => saving.mutate(theirs)}
            />
          ) : null}
          {mine === undefined ? null : (
            <MineBeside
              graph={graph}
              mine={mine}
              draft={cleaned(draft)}
              onUse={change}
              onForget={() => {
                setMine(undefined);
                basics.current?.querySelector('input')?.focus();
              }}
            />
          )}
          <div role="status">
            {faults.map(({ text }) => (
              <p key={text} className={styles.plain}>
                {text}
              </p>
            ))}
          </div>
          <section ref={basics} aria-labelledby={`${id}basics`} className={styles.card}>
            <h2 id={`${id}basics`} tabIndex={-1} className={styles.heading}>
              {say('policyEditor.basics')}
            </h2>
            <NameFields draft={draft} disabled={disabled} onChange={change} />
          </section>
          <h2 id={`${id}settings`} tabIndex={-1} className={styles.heading}>
            {say('policyEditor.settings')}
          </h2>
          <Settings policy={policy} draft={draft} disabled={disabled} error={refusal} onChange={change} />
          <section aria-labelledby={`${id}targets`} className={styles.card}>
            <h2 id={`${id}targets`} tabIndex={-1} className={styles.heading}>
              {say('policyEditor.assignments')}
            </h2>
            <TargetList
              graph={graph}
              targets={draft.targets}
              disabled={disabled}
              onChange={(targets) => change({ targets })}
            />
          </section>
          <PolicyHistory
            graph={graph}
            kind={policy.kind}
            id={policy.id}
            etag={policy.etag}
            headingId={`${id}history`}
          />
          <div>
            <TaskButton task="devices" may={may} quiet onClick={() => setRemoving(true)}>
              {say('policyEditor.delete')}
            </TaskButton>
          </div>
        </div>
        {faults.length > 0 ? null : (
          <PreviewPanel
            graph={graph}
            preview={preview}
            errorIsShown={rowFault(preview.error, draft.oma) !== undefined}
            headingId={`${id}preview`}
          />
        )}
      </div>
      {removing ? (
        <RemovePolicy
          graph={graph}
          policy={policy}
          onClose={() => setRemoving(false)}
          onGone={() => {
            onTyped(false);
            onGo(undefined);
          }}
        />
      ) : null}
    </>
  );
}

interface RemovePolicyProps {
  readonly graph: Graph;
  readonly policy: OpenPolicy;
  readonly onClose: () => void;
  readonly onGone: () => void;
}

function RemovePolicy({ graph, policy, onClose, onGone }: RemovePolicyProps) {
  const say = useWords();
  const queries = useQueryClient();
  const removal = useMutation({
    mutationFn: () => removePolicy(graph, policy),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['policies'] });
      onGone();
    },
  });
  return (
    <Question
      title={say('policyEditor.deleteWhich', { name: policy.draft.name })}
      doIt={say('policyEditor.delete')}
      deed={removal}
      onClose={onClose}
    >
      <span>{say('policyEditor.deleteWhat')}</span>
    </Question>
  );
}
