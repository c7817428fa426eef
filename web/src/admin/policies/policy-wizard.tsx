/**
 * A policy made step by step: what it is called and of which kind, what it says, whom it reaches; then what it would
 * change, for whom, and on what it disagrees with others, before anything is created.
 *
 * Every step that was open can be opened again, and keeps what was typed.
 */

import { KnownError } from '@carryover/model/errors';
import { Button, Field, Radio, RadioGroup } from '@fluentui/react-components';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useLayoutEffect, useRef, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { PageHead } from '../../shared/page-head.tsx';
import { useWords } from '../../shared/words/admin-policies.ts';
import { NameFields } from '../parts/name-fields.tsx';
import { Problem } from '../parts/problem.tsx';
import { useMay } from '../parts/roles.ts';
import { TargetList } from '../parts/target-list.tsx';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { cleaned, type Draft, faultsOf } from './draft.ts';
import { rowFault } from './oma-rows.ts';
import { differingParts } from './policy-diff.ts';
import { type DocumentKind, NEW_POLICY, type OpenPolicy, savePolicy } from './policy-documents.ts';
import type { PolicyPlace } from './policy-list.tsx';
import { PolicyReview } from './policy-review.tsx';
import { PreviewPanel } from './preview-panel.tsx';
import { Settings } from './settings-part.tsx';
import { usePreview } from './use-preview.ts';
import { WizardSteps } from './wizard-steps.tsx';

export interface PolicyWizardProps {
  readonly graph: Graph;
  /** The kind that is chosen at first. */
  readonly first: DocumentKind;
  readonly onGo: (place: PolicyPlace | undefined) => void;
  readonly onTyped: (isTyped: boolean) => void;
}

const STEPS = ['basics', 'settings', 'assignments', 'review'] as const;
const REVIEW = STEPS.indexOf('review');

export function PolicyWizard({ graph, first, onGo, onTyped }: PolicyWizardProps) {
  const say = useWords();
  const styles = usePageStyles();
  const queries = useQueryClient();
  const may = useMay(graph)('devices');
  const [kind, setKind] = useState(first);
  const [whole, setWhole] = useState(NEW_POLICY.draft);
  const [step, setStep] = useState(0);
  const [reached, setReached] = useState(0);
  /** Somebody wanted to go on with what cannot be saved. */
  const [isHeld, setHeld] = useState(false);
  const [stored, setStored] = useState<OpenPolicy>();
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  // With the step and not after it: the focus would be taken from what somebody quick has begun to fill in.
  useLayoutEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    heading.current?.focus();
    heading.current?.scrollIntoView({ block: 'center' });
  }, [step]);

  const draft = cleaned(ofKind(whole, kind));
  const policy = stored ?? { ...NEW_POLICY, kind };
  const isTyped = differingParts(NEW_POLICY.draft, whole).length > 0;
  // Before the page is seen, as in policy-editor.tsx.
  useLayoutEffect(() => {
    onTyped(isTyped);
    return () => onTyped(false);
  }, [isTyped, onTyped]);
  const faults = faultsOf(ofKind(whole, kind), say);
  const preview = usePreview(graph, { policy, draft, enabled: faults.length === 0 });
  const creating = useMutation({
    mutationFn: () => savePolicy(graph, { policy, draft, onSaved: setStored }),
    onSuccess: async (id) => {
      await Promise.all([
        queries.invalidateQueries({ queryKey: ['policies'] }),
        queries.invalidateQueries({ queryKey: ['policyConflicts'] }),
        queries.invalidateQueries({ queryKey: ['backupSwitch'] }),
      ]);
      onTyped(false);
      onGo({ kind, id });
    },
  });
  const refusal = creating.error ?? preview.error;
  const isRefused = refusal instanceof KnownError && refusal.code === 'invalidRequest';
  const isAtRow = rowFault(refusal, whole.oma) !== undefined;
  const name = STEPS[step] ?? 'basics';
  const held = faults.filter(({ part }) => part === name);

  const change = (part: Partial<Draft>) => {
    creating.reset();
    setHeld(false);
    setWhole({ ...whole, ...part });
  };
  const open = (wanted: number) => {
    setHeld(false);
    setStep(wanted);
    setReached(Math.max(reached, wanted));
  };
  const next = () => {
    if (held.length > 0 || (name === 'settings' && isRefused)) setHeld(true);
    else open(step + 1);
  };
  const titles = [
    say('policyEditor.basics'),
    say('policyEditor.settings'),
    say('policyEditor.assignments'),
    say('wizard.review'),
  ];
  return (
    <>
      <PageHead size="admin" parent={say('backupSwitch.title')} title={say('policyList.create')} />
      <div className={styles.stack}>
        {/* A step behind one that cannot be saved stays closed until that is mended. */}
        <WizardSteps steps={titles} current={step} reached={faults.length > 0 ? step : reached} onOpen={open} />
        <h2 ref={heading} tabIndex={-1} className={styles.heading}>
          {titles[step]}
        </h2>
        {name === 'basics' ? (
          <div className={styles.card}>
            <NameFields
              draft={whole}
              disabled={!may}
              fault={isHeld ? (held[0]?.text ?? null) : null}
              onChange={change}
            />
            <Kind kind={kind} disabled={!may || stored !== undefined} whole={whole} onChange={setKind} />
          </div>
        ) : null}
        {name === 'settings' ? (
          <Settings policy={policy} draft={whole} disabled={!may} error={refusal} onChange={change} />
        ) : null}
        {name === 'assignments' ? (
          <div className={styles.card}>
            <TargetList
              graph={graph}
              targets={whole.targets}
              disabled={!may}
              onChange={(targets) => change({ targets })}
            />
          </div>
        ) : null}
        {name === 'review' ? (
          <>
            <PolicyReview graph={graph} kind={kind} draft={draft} steps={titles.slice(0, REVIEW)} onStep={open} />
            <PreviewPanel graph={graph} preview={preview} />
            {creating.error === null ? null : <Problem error={creating.error} cause={say('page.notDone')} />}
            {stored === undefined || creating.isPending ? null : <p className={styles.plain}>{say('wizard.stored')}</p>}
          </>
        ) : null}
        <div role="alert">
          {name === 'settings' ? (
            <Held faults={held.map(({ text }) => text)} refusal={isHeld && !isAtRow ? refusal : null} />
          ) : null}
        </div>
        <div className={styles.tools}>
          {step === 0 ? null : <Button onClick={() => open(step - 1)}>{say('common.back')}</Button>}
          {name === 'review' ? (
            <TaskButton
              task="devices"
              may={may}
              primary
              disabled={faults.length > 0 || !preview.isOfNow || isRefused || creating.isPending}
              onClick={() => creating.mutate()}
            >
              {say('wizard.create')}
            </TaskButton>
          ) : (
            <Button appearance="primary" onClick={next}>
              {say('wizard.next')}
            </Button>
          )}
          <Button onClick={() => onGo(undefined)}>{say('page.cancel')}</Button>
          <span role="status" className={styles.quiet}>
            {name === 'review' && faults.length === 0 && !preview.isOfNow ? say('wizard.working') : ''}
          </span>
        </div>
      </div>
    </>
  );
}

/** Without what was given for the other kind. */
function ofKind(draft: Draft, kind: DocumentKind): Draft {
  return kind === 'catalog' ? { ...draft, oma: [] } : { ...draft, values: {} };
}

interface KindProps {
  readonly kind: DocumentKind;
  readonly disabled: boolean;
  readonly whole: Draft;
  readonly onChange: (kind: DocumentKind) => void;
}

function Kind({ kind, disabled, whole, onChange }: KindProps) {
  const say = useWords();
  const styles = usePageStyles();
  const hasOther = kind === 'catalog' ? whole.oma.length > 0 : Object.keys(whole.values).length > 0;
  return (
    <>
      <Field label={say('policyList.kind')}>
        <RadioGroup
          value={kind}
          disabled={disabled}
          onChange={(_, { value }) => onChange(value === 'custom' ? 'custom' : 'catalog')}
        >
          <Radio value="catalog" label={say('wizard.kind.catalog')} />
          <Radio value="custom" label={say('wizard.kind.custom')} />
        </RadioGroup>
      </Field>
      {hasOther ? <p className={styles.quiet}>{say('wizard.other')}</p> : null}
    </>
  );
}

interface HeldProps {
  readonly faults: readonly string[];
  readonly refusal: Error | null;
}

/** What keeps from going on; what stands at a row is said there only. */
function Held({ faults, refusal }: HeldProps) {
  const styles = usePageStyles();
  return [...faults, ...(refusal === null ? [] : [refusal.message])].map((text) => (
    <p key={text} className={styles.plain}>
      {text}
    </p>
  ));
}
