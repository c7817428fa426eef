/** Blocked: the documented title, what is safe, what the person can do, and the details that IT needs. */

import type { LocalFault, RestoreView, UpdatesView } from '@carryover/model/local-pages';
import { Button, makeStyles } from '@fluentui/react-components';
import { CopyText } from '../shared/copy-text.tsx';
import { FactList } from '../shared/fact-list.tsx';
import { PageHead } from '../shared/page-head.tsx';
import { tokens } from '../shared/theme.ts';
import type { Act } from '../shared/use-act.ts';
import { detailsText, obstacleFrom } from './obstacle.ts';
import type { RestoreClient } from './restore-client.ts';
import { ActFault, Foot, LineBox } from './step-parts.tsx';
import { isMoving, isOffered, UpdatesPart } from './updates-part.tsx';
import { useHere } from './use-here.ts';

const useStyles = makeStyles({
  heading: {
    margin: `${tokens.spacingVerticalS} 0 ${tokens.spacingVerticalM}`,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  list: {
    listStyleType: 'none',
    margin: `0 0 ${tokens.spacingVerticalXL}`,
    padding: 0,
    display: 'grid',
    rowGap: tokens.spacingVerticalL,
    maxWidth: '720px',
  },
  item: { display: 'flex', columnGap: tokens.spacingHorizontalL },
  number: {
    flexShrink: 0,
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    width: '24px',
    height: '24px',
    borderRadius: '50%',
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    fontSize: tokens.fontSizeBase200,
  },
  words: { display: 'grid', minWidth: 0 },
  title: { fontWeight: tokens.fontWeightSemibold },
  how: { color: tokens.colorNeutralForeground2 },
  details: {
    maxWidth: '720px',
    marginBlockEnd: tokens.spacingVerticalL,
    padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalXL}`,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  detailsTitle: { margin: `0 0 ${tokens.spacingVerticalS}`, fontSize: tokens.fontSizeBase300 },
  code: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: 'anywhere',
  },
});

export interface BlockedStepProps {
  readonly view: RestoreView;
  readonly fault: LocalFault;
  readonly updates: UpdatesView | undefined;
  readonly client: RestoreClient;
  readonly act: Act;
}

export function BlockedStep({ view, fault, updates, client, act }: BlockedStepProps) {
  const here = useHere();
  const { say } = here;
  const styles = useStyles();
  const { title, lead, safe, advice, details } = obstacleFrom(view, fault, here);
  return (
    <>
      <PageHead size="setup" title={title} lead={lead} />
      <LineBox state="fine" strong={say('restore.blocked.safe')}>
        {safe}
      </LineBox>
      <h2 className={styles.heading}>{say('restore.blocked.can')}</h2>
      <ol className={styles.list}>
        {advice.map(({ title: what, how }, place) => (
          <li key={what} className={styles.item}>
            <span aria-hidden className={styles.number}>
              {place + 1}
            </span>
            <span className={styles.words}>
              <span className={styles.title}>{what}</span>
              <span className={styles.how}>{how}</span>
            </span>
          </li>
        ))}
      </ol>
      {isOffered(fault) ? <UpdatesPart {...{ view, updates, client, act }} /> : null}
      <section className={styles.details} aria-label={say('restore.blocked.details')}>
        <h2 className={styles.detailsTitle}>{say('restore.blocked.details')}</h2>
        <FactList
          facts={details.map(({ name, value, isCode }) => ({
            name,
            value: isCode ? <code className={styles.code}>{value}</code> : <bdi>{value}</bdi>,
          }))}
        />
      </section>
      <ActFault error={act.error} />
      <Foot start={<CopyText hidden text={detailsText(details)} label={say('restore.blocked.copy')} />}>
        <Button
          size="large"
          disabledFocusable={act.isBusy || isMoving(updates)}
          onClick={() => void act.run(client.check)}
        >
          {say('common.tryAgain')}
        </Button>
        <Button
          size="large"
          appearance="primary"
          disabledFocusable={act.isBusy}
          onClick={() => void act.run(() => client.choose({ kind: 'new' }))}
        >
          {say(view.mode === 'setup' ? 'restore.new' : 'restore.keep')}
        </Button>
      </Foot>
    </>
  );
}
