/** The first card: how backup stands, the one button, progress while it runs, and the reason when it cannot. */

import type { SettingsView } from '@carryover/model/local-pages';
import { wordsOf } from '@carryover/model/reasons';
import { Button, makeStyles, ProgressBar, typographyStyles } from '@fluentui/react-components';
import { CopyText } from '../shared/copy-text.tsx';
import { FaultDetails } from '../shared/fault-details.tsx';
import { Reason } from '../shared/reason.tsx';
import { StateIcon, StateText } from '../shared/state-text.tsx';
import { tokens } from '../shared/theme.ts';
import type { Act } from '../shared/use-act.ts';
import type { SettingsClient } from './settings-client.ts';
import { faultWords, type Here, moment, resultWords, statusOf } from './status.ts';

const useStyles = makeStyles({
  cards: { display: 'grid', rowGap: tokens.spacingVerticalM },
  card: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalM,
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXL}`,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: '6px',
  },
  icon: { fontSize: '32px' },
  words: { flexGrow: 1, flexBasis: '16rem', minWidth: 0, overflowWrap: 'anywhere' },
  title: { ...typographyStyles.subtitle1, margin: 0 },
  sentence: { margin: 0, color: tokens.colorNeutralForeground2 },
  bar: { marginBlockStart: tokens.spacingVerticalS },
  left: { marginBlock: tokens.spacingVerticalXS, paddingInlineStart: tokens.spacingHorizontalXL },
});

export interface StatusCardProps {
  readonly view: SettingsView;
  readonly here: Here;
  readonly client: SettingsClient;
  readonly act: Act;
  readonly refresh: () => Promise<void>;
}

export function StatusCard({ view, here, client, act, refresh }: StatusCardProps) {
  const styles = useStyles();
  const { backup } = view;
  const { running, obstacles, lastFault } = backup;
  const { say } = here;
  const { state, title, sentence } = statusOf(backup, here);
  const result = running === undefined ? resultWords(backup, here) : undefined;
  const share =
    running?.done === undefined || running.total === undefined || running.total === 0
      ? undefined
      : running.done / running.total;
  return (
    <div className={styles.cards}>
      <section aria-label={title} className={styles.card}>
        <StateIcon state={state} className={styles.icon} />
        <div className={styles.words}>
          <h2 className={styles.title}>{title}</h2>
          <p className={styles.sentence} role="status">
            {sentence}
          </p>
          {running === undefined ? null : (
            <ProgressBar className={styles.bar} aria-label={title} {...(share === undefined ? {} : { value: share })} />
          )}
          {result === undefined ? null : <StateText state="fine">{result}</StateText>}
        </div>
        {running === undefined ? (
          <Button
            appearance="primary"
            size="large"
            disabled={obstacles.length > 0}
            // Off for a moment only: whoever pressed it by key must not lose their place.
            disabledFocusable={act.isBusy}
            onClick={() => void act.run(() => client.backUp())}
          >
            {lastFault === undefined ? say('settings.now') : say('common.tryAgain')}
          </Button>
        ) : (
          <Button size="large" disabledFocusable={act.isBusy} onClick={() => void act.run(() => client.stopBackup())}>
            {say('settings.stop')}
          </Button>
        )}
      </section>
      {running !== undefined || backup.waits === undefined ? null : (
        <Reason state="waiting" cause={say('settings.waits')} reasons={backup.waits} />
      )}
      {obstacles.length > 0 ? <WhyOff view={view} here={here} refresh={refresh} /> : null}
      {lastFault === undefined || obstacles.length > 0 || running !== undefined ? null : (
        <Reason state="failing" cause={say('settings.whyFailed')}>
          {faultWords(lastFault, here)}
          <FaultDetails {...lastFault} copyLabel={say('settings.copyForIt')} />
        </Reason>
      )}
      {act.error === undefined ? null : (
        <Reason state="failing" cause={say('settings.faultTitle')}>
          {act.error.message}
        </Reason>
      )}
      {backup.result === undefined || backup.result.leftOut.length === 0 ? null : (
        <LeftOut items={backup.result.leftOut} here={here} />
      )}
    </div>
  );
}

function WhyOff({ view, here, refresh }: Pick<StatusCardProps, 'view' | 'here' | 'refresh'>) {
  const { say, language } = here;
  const { backup, device, person, organization, asOf } = view;
  const lost = backup.obstacles.some(({ code }) => code === 'noContact');
  const details = [
    ...backup.obstacles.map((reason) => `${reason.code}: ${wordsOf(reason, language).reason}`),
    `${device.name}, ${device.osName}`,
    `${person.userPrincipalName}, ${organization}`,
    asOf,
  ].join('\n');
  return (
    <Reason
      cause={say(lost ? 'settings.whyLost' : 'settings.whyOff')}
      reasons={backup.obstacles}
      actions={
        <>
          <Button appearance="subtle" onClick={() => void refresh()}>
            {say('settings.again')}
          </Button>
          <CopyText hidden text={details} label={say('settings.copyForIt')} />
        </>
      }
    >
      {say('settings.asked', { when: moment(asOf, here) })}
    </Reason>
  );
}

/** What the backup could not take, each with its reason: never silent. */
function LeftOut({
  items,
  here,
}: {
  readonly items: NonNullable<SettingsView['backup']['result']>['leftOut'];
  readonly here: Here;
}) {
  const styles = useStyles();
  return (
    <Reason cause={here.say('settings.leftOut', { n: items.length })}>
      <ul className={styles.left}>
        {items.map(({ title, reason }) => {
          const words = wordsOf(reason, here.language);
          return (
            <li key={`${title} ${reason.code}`}>
              {title}: {words.reason} {words.remedy}
            </li>
          );
        })}
      </ul>
    </Reason>
  );
}
