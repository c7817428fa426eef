/** Sign-in hand-over: four checks, each with what it found; the page moves on by itself. */

import type { HandoverCheck, RestoreView } from '@carryover/model/local-pages';
import { Button, makeStyles, mergeClasses } from '@fluentui/react-components';
import { CircleRegular } from '@fluentui/react-icons/svg/circle';
import { lazy, Suspense, useEffect } from 'react';
import { PageHead } from '../shared/page-head.tsx';
import { StateIcon } from '../shared/state-text.tsx';
import { tokens } from '../shared/theme.ts';
import type { Act } from '../shared/use-act.ts';
import { useAfter } from '../shared/use-after.ts';
import { VisuallyHidden } from '../shared/visually-hidden.tsx';
import { checkLine, isOffline } from './handover.ts';
import type { RestoreClient } from './restore-client.ts';
import { firstName } from './speech.ts';
import { ActFault, Foot, LineBox } from './step-parts.tsx';
import { useHere, useSecondsUntil } from './use-here.ts';

const FailedNote = lazy(() => import('./failed-note.tsx').then(({ FailedNote: note }) => ({ default: note })));
const Spinner = lazy(() => import('./turning-spinner.tsx').then(({ TurningSpinner: sign }) => ({ default: sign })));

const useStyles = makeStyles({
  list: {
    listStyleType: 'none',
    margin: `${tokens.spacingVerticalL} 0 ${tokens.spacingVerticalXXXL}`,
    padding: 0,
    display: 'grid',
    rowGap: '34px',
  },
  check: { display: 'flex', columnGap: tokens.spacingHorizontalL, alignItems: 'flex-start' },
  sign: { width: '24px', flexShrink: 0, display: 'flex', justifyContent: 'center', marginBlockStart: '1px' },
  icon: { fontSize: '22px' },
  words: { minWidth: 0, display: 'grid', overflowWrap: 'anywhere' },
  title: { fontSize: tokens.fontSizeBase400, lineHeight: tokens.lineHeightBase400 },
  active: { fontWeight: tokens.fontWeightSemibold },
  waiting: { color: tokens.colorNeutralForeground3 },
  note: {
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
  },
  failed: { color: tokens.coFailingText },
});

/** A check that failed for want of a network is tried again by itself after this time. */
const TRY_AGAIN_MS = 15_000;

export interface CheckingStepProps {
  readonly view: RestoreView;
  readonly checks: readonly HandoverCheck[];
  readonly client: RestoreClient;
  readonly act: Act;
}

export function CheckingStep({ view, checks, client, act }: CheckingStepProps) {
  const here = useHere();
  const { say } = here;
  const styles = useStyles();
  const name = firstName(view.person?.displayName);
  const asks = checks.some(({ state }) => state === 'asks');
  const hasFailed = checks.some(({ state }) => state === 'failed');
  const isSlow = useAfter(3_000) && !asks && !hasFailed;
  const lead = asks
    ? say('restore.signInLead')
    : name === undefined || view.organization === undefined
      ? say('restore.lookingLeadNobody')
      : say('restore.lookingLead', { org: view.organization });
  return (
    <>
      <PageHead
        size="setup"
        title={name === undefined ? say('restore.helloNobody') : say('restore.hello', { name })}
        lead={lead}
      />
      <ol className={styles.list} aria-label={say('restore.checks')}>
        {checks.map((check) => (
          <Check key={check.id} check={check} />
        ))}
      </ol>
      {isOffline(checks) ? <TryingAgain client={client} act={act} failedAt={failedAt(checks)} /> : null}
      <LineBox state="fine" strong={say('restore.nothingYet')}>
        {say('restore.nothingYetMore')}
      </LineBox>
      <p role="status" className={styles.note}>
        {isSlow ? say('common.slow') : ''}
      </p>
      <ActFault error={act.error} />
      <Foot>
        {hasFailed ? (
          <Button size="large" disabledFocusable={act.isBusy} onClick={() => void act.run(client.check)}>
            {say('common.tryAgain')}
          </Button>
        ) : null}
        <Button
          size="large"
          disabledFocusable={act.isBusy}
          onClick={() => void act.run(() => client.choose({ kind: 'new' }))}
        >
          {say(view.mode === 'setup' ? 'restore.new' : 'restore.keep')}
        </Button>
        {asks ? (
          <Button
            size="large"
            appearance="primary"
            disabledFocusable={act.isBusy}
            onClick={() => void act.run(async () => window.location.assign((await client.signIn()).url))}
          >
            {say('restore.signIn')}
          </Button>
        ) : null}
      </Foot>
    </>
  );
}

function Check({ check }: { readonly check: HandoverCheck }) {
  const here = useHere();
  const styles = useStyles();
  const { state, title, note, stateWord } = checkLine(check, here);
  return (
    <li className={styles.check} aria-current={state === 'running' || state === 'asks' ? 'step' : undefined}>
      <span className={styles.sign}>
        {state === 'running' ? (
          <Turning />
        ) : state === 'passed' || state === 'failed' ? (
          <StateIcon state={state === 'passed' ? 'fine' : 'failing'} className={styles.icon} />
        ) : (
          <CircleRegular aria-hidden className={mergeClasses(styles.icon, styles.waiting)} />
        )}
      </span>
      <span className={styles.words}>
        <span
          className={mergeClasses(
            styles.title,
            (state === 'running' || state === 'asks') && styles.active,
            state === 'waiting' && styles.waiting,
            state === 'failed' && styles.failed,
          )}
        >
          {title}
          <VisuallyHidden>, {stateWord}</VisuallyHidden>
        </span>
        <span className={styles.note}>
          {state === 'failed' && check.fault !== undefined ? (
            <Suspense>
              <FailedNote fault={check.fault} />
            </Suspense>
          ) : (
            note
          )}
        </span>
      </span>
    </li>
  );
}

/** The sign of what runs: it turns only when it takes long enough to be seen, and is fetched only then. */
function Turning() {
  const styles = useStyles();
  const resting = <CircleRegular aria-hidden className={styles.icon} />;
  return useAfter(400) ? (
    <Suspense fallback={resting}>
      <Spinner />
    </Suspense>
  ) : (
    resting
  );
}

interface TryingAgainProps extends Pick<CheckingStepProps, 'client' | 'act'> {
  readonly failedAt: number;
}

function TryingAgain({ client, act: { run, isBusy }, failedAt }: TryingAgainProps) {
  const { say } = useHere();
  const seconds = useSecondsUntil(failedAt + TRY_AGAIN_MS, true);
  const isTime = seconds === 0;
  useEffect(() => {
    if (isTime && !isBusy) void run(client.check);
    // Once each time the count-down ends; a check that fails again brings a new time.
  }, [isTime, run, client, isBusy]);
  return (
    <LineBox state="toDo" strong={`${say('restore.offlineTitle')}.`}>
      {isTime ? say('restore.offlineTrying') : say('restore.offlineRetry', { n: seconds })}
    </LineBox>
  );
}

function failedAt(checks: readonly HandoverCheck[]): number {
  return Math.max(...checks.map(({ fault }) => (fault === undefined ? 0 : Date.parse(fault.at))));
}
