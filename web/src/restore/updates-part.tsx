/** Installing quality updates, where they may mend what is in the way and the organization offers it: the button, and how it goes. */

import type { LocalFault, RestoreView, UpdatesView } from '@carryover/model/local-pages';
import { Button, makeStyles, Spinner } from '@fluentui/react-components';
import { tokens } from '../shared/theme.ts';
import type { Act } from '../shared/use-act.ts';
import { useWords } from '../shared/words/updates.ts';
import { faultSentence } from './obstacle.ts';
import type { RestoreClient } from './restore-client.ts';
import { LineBox } from './step-parts.tsx';
import { useHere } from './use-here.ts';

const useStyles = makeStyles({
  part: { marginBlockEnd: tokens.spacingVerticalXL, maxWidth: '720px' },
  title: {
    margin: `0 0 ${tokens.spacingVerticalXS}`,
    fontSize: tokens.fontSizeBase400,
    lineHeight: tokens.lineHeightBase400,
    fontWeight: tokens.fontWeightSemibold,
  },
  lead: { margin: `0 0 ${tokens.spacingVerticalM}`, color: tokens.colorNeutralForeground2 },
  how: { marginBlockStart: tokens.spacingVerticalM },
  moves: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalM },
});

export interface UpdatesPartProps {
  readonly view: RestoreView;
  readonly updates: UpdatesView | undefined;
  readonly client: RestoreClient;
  readonly act: Act;
}

export function isMoving(updates: UpdatesView | undefined): boolean {
  return updates?.how === 'looking' || updates?.how === 'installing';
}

/** Only where a reason says that the device can do it itself. */
export function isOffered({ reasons }: LocalFault): boolean {
  return reasons.some(({ remedy }) => remedy === 'installUpdates');
}

export function UpdatesPart({ view: { device, organization }, updates, client, act }: UpdatesPartProps) {
  const say = useWords();
  const styles = useStyles();
  const isWindows = device.platform === 'windows';
  const org = organization ?? say('updates.yourOrg');
  return (
    <section className={styles.part} aria-label={say('updates.title')}>
      <h2 className={styles.title}>{say('updates.title')}</h2>
      <p className={styles.lead}>{say(isWindows ? 'updates.leadWindows' : 'updates.lead', { org })}</p>
      <Button disabledFocusable={act.isBusy || isMoving(updates)} onClick={() => void act.run(client.updateSystem)}>
        {say(isWindows ? 'updates.open' : 'updates.install')}
      </Button>
      {/* There from the start, so that what comes into it is read out. */}
      <div role="status" className={styles.how}>
        {updates === undefined ? null : <How updates={updates} />}
      </div>
    </section>
  );
}

function How({ updates }: { readonly updates: UpdatesView }) {
  const here = useHere();
  const say = useWords();
  const styles = useStyles();
  switch (updates.how) {
    case 'looking':
    case 'installing':
      return (
        <div className={styles.moves}>
          <Spinner size="tiny" aria-hidden />
          <span>
            <strong>{say(`updates.${updates.how}`)}</strong>{' '}
            {updates.how === 'installing' ? say('updates.installingHow') : null}
          </span>
        </div>
      );
    case 'failed':
      return (
        <LineBox state="failing" strong={say('updates.failed')}>
          {faultSentence(updates.fault, here)}
        </LineBox>
      );
    case 'restart':
    case 'opened':
    case 'none':
    case 'installed':
      return (
        <LineBox state="toDo" strong={say(`updates.${updates.how}`)}>
          {say(`updates.${updates.how}How`)}
        </LineBox>
      );
  }
}
