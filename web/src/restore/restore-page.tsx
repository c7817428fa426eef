/**
 * The restore page: what the agent says of the restore, as the step that belongs to it.
 *
 * The steps that come late are loaded late, so that the first one is there at once. While the agent does not answer, what
 * was known stays and the next try is counted down.
 */

import type { RestoreStage, RestoreView } from '@carryover/model/local-pages';
import { Button } from '@fluentui/react-components';
import { lazy, type ReactNode, Suspense, useEffect, useState } from 'react';
import { isEnded } from '../shared/local-client.ts';
import { PageHead } from '../shared/page-head.tsx';
import { type Act, useAct } from '../shared/use-act.ts';
import { useAfter } from '../shared/use-after.ts';
import { VisuallyHidden } from '../shared/visually-hidden.tsx';
import { timeOf } from '../shared/when.ts';
import { CheckingStep } from './checking-step.tsx';
import { DecidedStep } from './decided-step.tsx';
import { firstChoice, NEW_PC } from './first-choice.ts';
import { Frame } from './frame.tsx';
import type { Kept } from './options.ts';
import type { RestoreClient } from './restore-client.ts';
import { LineBox } from './step-parts.tsx';
import { useHere, useSecondsUntil } from './use-here.ts';
import { type Restore, useRestore } from './use-restore.ts';

const chooseStep = () => import('./choose-step.tsx');
const ChooseStep = lazy(() => chooseStep().then(({ ChooseStep: page }) => ({ default: page })));
const OptionsStep = lazy(() => import('./options-step.tsx').then(({ OptionsStep: page }) => ({ default: page })));
const ProgressStep = lazy(() => import('./progress-step.tsx').then(({ ProgressStep: page }) => ({ default: page })));
const DoneStep = lazy(() => import('./done-step.tsx').then(({ DoneStep: page }) => ({ default: page })));
const BlockedStep = lazy(() => import('./blocked-step.tsx').then(({ BlockedStep: page }) => ({ default: page })));

export function RestorePage({ client }: { readonly client: RestoreClient }) {
  const [left, setLeft] = useState<RestoreView>();
  const restore = useRestore(client, left !== undefined);
  const act = useAct(restore.refresh);
  const { view } = restore;
  if (left !== undefined) return <Left view={left} />;
  if (isEnded(restore.error)) return <Ended view={view} />;
  if (view === undefined)
    return (
      <Frame view={undefined}>
        <First restore={restore} />
      </Frame>
    );
  const onLeave = () => {
    // First: whatever the page asked after it left would tell the agent that somebody is still there.
    setLeft(view);
    // An agent that does not answer is gone already.
    client.leave().catch(() => undefined);
  };
  return <Step view={view} restore={restore} client={client} act={act} onLeave={onLeave} />;
}

interface StepProps {
  readonly view: RestoreView;
  readonly restore: Restore;
  readonly client: RestoreClient;
  readonly act: Act;
  readonly onLeave: () => void;
}

function Step(props: StepProps) {
  const { view, restore } = props;
  const isSettled = useAfter(1_000);
  const isChecking = view.stage.kind === 'checking';
  useEffect(() => {
    // The next step, fetched while the person waits for the checks.
    if (isChecking && isSettled) void chooseStep();
  }, [isChecking, isSettled]);
  if (view.stage.kind === 'choose') return <Choosing {...props} stage={view.stage} />;
  return (
    <Frame view={view}>
      <Offline restore={restore} />
      <Suspense fallback={<Bones />}>
        <Body key={view.stage.kind} {...props} />
      </Suspense>
    </Frame>
  );
}

function Body({ view, client, act, onLeave }: StepProps): ReactNode {
  const { stage } = view;
  const common = { view, client, act };
  switch (stage.kind) {
    case 'checking':
      return <CheckingStep {...common} checks={stage.checks} />;
    case 'decided':
      return <DecidedStep {...common} choice={stage.choice} onLeave={onLeave} />;
    case 'running':
      return <ProgressStep {...common} progress={stage.progress} onLeave={onLeave} />;
    case 'done':
      return <DoneStep {...common} result={stage.result} onLeave={onLeave} />;
    case 'blocked':
      return <BlockedStep {...common} fault={stage.fault} updates={stage.updates} />;
    case 'choose':
      return null;
  }
}

interface ChoosingProps extends StepProps {
  readonly stage: Extract<RestoreStage, { kind: 'choose' }>;
}

/** Choosing has two pages, the cards and "More options"; what was chosen and ticked outlives going back and forth. */
function Choosing({ view, stage: { offers, undoDays }, restore, client, act }: ChoosingProps) {
  const [wish, setWish] = useState<string>();
  const [isOpen, setOpen] = useState(false);
  const [kept, setKept] = useState<Kept>();
  const isOffered = wish === NEW_PC || offers.some(({ profileId }) => profileId === wish);
  const chosen = wish !== undefined && isOffered ? wish : firstChoice(offers);
  const offer = offers.find(({ profileId }) => profileId === chosen);
  const keptHere = kept?.plan.profileId === chosen ? kept : undefined;
  const common = { view, client, act, kept: keptHere };
  if (isOpen && offer !== undefined)
    return (
      <Suspense
        fallback={
          <Frame view={view}>
            <Bones />
          </Frame>
        }
      >
        <OptionsStep
          {...common}
          key={chosen}
          offer={offer}
          notice={<Offline restore={restore} />}
          onKept={setKept}
          onBack={() => setOpen(false)}
        />
      </Suspense>
    );
  return (
    <Frame view={view}>
      <Offline restore={restore} />
      <Suspense fallback={<Bones />}>
        <ChooseStep
          {...common}
          offers={offers}
          undoDays={undoDays}
          chosen={chosen}
          onChosen={setWish}
          onMoreOptions={() => setOpen(true)}
        />
      </Suspense>
    </Frame>
  );
}

/** The cards to come, as restore.html shows them before any script has run; after a while it says that it takes long. */
function Bones() {
  const { say } = useHere();
  const isSlow = useAfter(3_000);
  return (
    <>
      <VisuallyHidden>
        <h1>{say('restore.pageTitle')}</h1>
      </VisuallyHidden>
      <div role="status" aria-busy>
        <VisuallyHidden>{say('common.loading')}</VisuallyHidden>
        {isSlow ? say('common.slow') : null}
      </div>
      <div className="first-bones" aria-hidden>
        <i />
        <i />
        <i />
        <i />
      </div>
    </>
  );
}

/** Before anything is known: the cards to come, or why there are none. */
function First({ restore }: { readonly restore: Restore }) {
  const { say } = useHere();
  if (restore.error === undefined) return <Bones />;
  return (
    <>
      <PageHead size="setup" title={say('restore.offlineTitle')} lead={say('restore.offlineFirst')} />
      <Retry restore={restore} />
    </>
  );
}

/** While the agent does not answer: since when, and when it is asked again. */
function Offline({ restore }: { readonly restore: Restore }) {
  const here = useHere();
  const { say } = here;
  if (restore.error === undefined) return null;
  return (
    <LineBox state="toDo" strong={`${say('restore.offlineTitle')}.`}>
      <span role="status">
        {say('restore.offlineAsOf', { time: timeOf(new Date(restore.asOf).toISOString(), here) })}
      </span>{' '}
      <Retry restore={restore} />
    </LineBox>
  );
}

function Retry({ restore }: { readonly restore: Restore }) {
  const { say } = useHere();
  const seconds = useSecondsUntil(restore.nextTryAt, true);
  return (
    <>
      <span>
        {restore.isAsking || seconds === 0 ? say('restore.offlineTrying') : say('restore.offlineRetry', { n: seconds })}
      </span>{' '}
      <Button size="small" disabled={restore.isAsking} onClick={() => void restore.refresh()}>
        {say('restore.tryNow')}
      </Button>
    </>
  );
}

function Left({ view }: { readonly view: RestoreView }) {
  const { say } = useHere();
  const lead = say(view.stage.kind === 'running' ? 'restore.left.running' : 'restore.left.lead');
  return (
    <Frame view={view}>
      <PageHead size="setup" title={say('restore.left.title')} lead={lead} />
    </Frame>
  );
}

function Ended({ view }: { readonly view: RestoreView | undefined }) {
  const { say } = useHere();
  return (
    <Frame view={view}>
      <PageHead size="setup" title={say('restore.ended')} lead={say('restore.endedLead')} />
    </Frame>
  );
}
