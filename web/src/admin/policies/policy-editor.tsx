/** One policy document: what it is called, what it says, whom it reaches, and what saving it would do. */

import { policyByName, wrongValue } from '@carryover/model/policy-definitions';
import { Button, Field, Input, makeStyles, Textarea } from '@fluentui/react-components';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { tokens } from '../../shared/theme.ts';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { ListTable } from '../parts/list-table.tsx';
import { Modal } from '../parts/modal.tsx';
import { Problem } from '../parts/problem.tsx';
import { useMay } from '../parts/roles.ts';
import { TargetList } from '../parts/target-list.tsx';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import {
  countChanges,
  type Draft,
  NEW_POLICY,
  type OpenPolicy,
  openPolicy,
  removePolicy,
  savePolicy,
} from './policy-documents.ts';
import { PolicyHistory } from './policy-history.tsx';
import type { PolicyPlace } from './policy-list.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { SettingList } from './setting-list.tsx';

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
}

export function PolicyEditor({ graph, place, onGo }: PolicyEditorProps) {
  const say = useWords();
  const isNew = place.id === 'new';
  const found = useQuery({
    queryKey: ['policy', place.kind, place.id],
    queryFn: ({ signal }) => (isNew ? NEW_POLICY : openPolicy(graph, place, signal)),
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
      policy={found.data}
      onAgain={() => void found.refetch()}
      onGo={onGo}
    />
  );
}

interface OpenEditorProps {
  readonly graph: Graph;
  readonly policy: OpenPolicy;
  readonly onAgain: () => void;
  readonly onGo: PolicyEditorProps['onGo'];
}

function OpenEditor({ graph, policy, onAgain, onGo }: OpenEditorProps) {
  const say = useWords();
  const styles = usePageStyles();
  const own = useStyles();
  const queries = useQueryClient();
  const may = useMay(graph)('devices');
  const basics = useRef<HTMLElement>(null);
  const [draft, setDraft] = useState(policy.draft);
  const [removing, setRemoving] = useState(false);
  const change = (part: Partial<Draft>) => {
    saving.reset();
    setDraft({ ...draft, ...part });
  };
  const saving = useMutation({
    mutationFn: () => savePolicy(graph, policy, cleaned(draft)),
    onSuccess: async (id) => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['policies'] }),
        queries.invalidateQueries({ queryKey: ['backupSwitch'] }),
      ]);
      if (policy.id === undefined) onGo({ kind: policy.kind, id });
      else onAgain();
    },
  });
  const count = countChanges(policy.draft, cleaned(draft));
  const faults = faultsOf(draft, say);
  const disabled = !may || saving.isPending;
  return (
    <>
      <PageHead
        size="admin"
        parent={say('backupSwitch.title')}
        title={policy.id === undefined ? say('policyList.create') : policy.draft.name}
        lead={say(policy.kind === 'catalog' ? 'policyList.catalog' : 'policyList.custom')}
        actions={
          <div className={styles.tools}>
            <Button
              disabledFocusable={count === 0}
              onClick={() => {
                setDraft(policy.draft);
                basics.current?.querySelector('input')?.focus();
              }}
            >
              {say('page.discard')}
            </Button>
            <TaskButton
              task="devices"
              may={may}
              primary
              disabled={count === 0 || faults.length > 0 || saving.isPending}
              onClick={() => saving.mutate()}
            >
              {say('policy.save', { n: count })}
            </TaskButton>
          </div>
        }
      />
      <div className={own.columns}>
        <div className={styles.stack}>
          {saving.error === null ? null : (
            <Problem error={saving.error} cause={say('page.notDone')} onAgain={onAgain} />
          )}
          <div role="status">
            {faults.map((fault) => (
              <p key={fault} className={styles.plain}>
                {fault}
              </p>
            ))}
          </div>
          <section ref={basics} aria-label={say('policyEditor.basics')} className={styles.card}>
            <h2 className={styles.heading}>{say('policyEditor.basics')}</h2>
            <Field label={say('policyList.name')} required>
              <Input
                value={draft.name}
                maxLength={200}
                disabled={disabled}
                onChange={(_, { value }) => change({ name: value })}
              />
            </Field>
            <Field label={say('policyEditor.description')}>
              <Textarea
                value={draft.description}
                maxLength={1000}
                disabled={disabled}
                onChange={(_, { value }) => change({ description: value })}
              />
            </Field>
          </section>
          <h2 className={styles.heading}>{say('policyEditor.settings')}</h2>
          {policy.kind === 'catalog' ? (
            <SettingList
              before={policy.draft}
              draft={draft}
              disabled={disabled}
              onChange={(values) => change({ values })}
            />
          ) : (
            <CustomSettings policy={policy} />
          )}
          {policy.kept.length === 0 ? null : (
            <p className={styles.quiet}>
              {say('policyEditor.unknown', {
                names: policy.kept.map(({ settingInstance }) => settingInstance.settingDefinitionId).join(', '),
              })}
            </p>
          )}
          <section aria-label={say('policyEditor.assignments')} className={styles.card}>
            <h2 className={styles.heading}>{say('policyEditor.assignments')}</h2>
            <TargetList
              graph={graph}
              targets={draft.targets}
              disabled={disabled}
              onChange={(targets) => change({ targets })}
            />
          </section>
          {policy.id === undefined ? null : (
            <PolicyHistory graph={graph} kind={policy.kind} id={policy.id} etag={policy.etag} />
          )}
          {policy.id === undefined ? null : (
            <div>
              <TaskButton task="devices" may={may} quiet onClick={() => setRemoving(true)}>
                {say('policyEditor.delete')}
              </TaskButton>
            </div>
          )}
        </div>
        {faults.length > 0 ? null : <PreviewPanel graph={graph} policy={policy} draft={cleaned(draft)} />}
      </div>
      {removing ? (
        <RemovePolicy graph={graph} policy={policy} onClose={() => setRemoving(false)} onGone={() => onGo(undefined)} />
      ) : null}
    </>
  );
}

/** As it is saved: addresses without empty lines. */
function cleaned(draft: Draft): Draft {
  const values = Object.entries(draft.values).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((line: string) => line.trim()).filter(Boolean) : value,
  ]);
  return { ...draft, values: Object.fromEntries(values) };
}

function faultsOf(draft: Draft, say: ReturnType<typeof useWords>): string[] {
  const unnamed = draft.name.trim() === '' ? [say('policyEditor.needsName')] : [];
  const wrong = Object.entries(cleaned(draft).values).flatMap(([name, value]) => {
    const definition = policyByName(name);
    const allowed = definition && wrongValue(definition, value);
    return definition === undefined || allowed === undefined
      ? []
      : [say('policyEditor.wrong', { name: definition.name, allowed })];
  });
  return [...unnamed, ...wrong];
}

function CustomSettings({ policy: { omaSettings } }: { readonly policy: OpenPolicy }) {
  const say = useWords();
  return (
    <ListTable
      label={say('policyEditor.settings')}
      columns={[say('policyList.name'), 'OMA-URI', say('policyEditor.value')]}
      rows={omaSettings.map(({ displayName, omaUri, value }) => ({
        key: omaUri,
        cells: [displayName ?? '', omaUri, String(value)],
      }))}
    />
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
    <Modal
      title={say('policyEditor.deleteWhich', { name: policy.draft.name })}
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>{say('page.cancel')}</Button>
          <Button appearance="primary" disabled={removal.isPending} onClick={() => removal.mutate()}>
            {say('policyEditor.delete')}
          </Button>
        </>
      }
    >
      <span>{say('policyEditor.deleteWhat')}</span>
      {removal.error === null ? null : <Problem error={removal.error} cause={say('page.notDone')} />}
    </Modal>
  );
}
