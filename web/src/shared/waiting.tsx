/**
 * Waiting without unrest: nothing for 400 ms, then what stands in for the content, after 3 s a sentence.
 *
 * Lists wait as skeletons of their rows, anything else as a small spinner.
 */

import { makeStyles, Skeleton, SkeletonItem, Spinner } from '@fluentui/react-components';
import { tokens } from './theme.ts';
import { useAfter } from './use-after.ts';
import { useWords } from './words/shared.ts';

const NOTICED_AFTER_MS = 400;
const SLOW_AFTER_MS = 3000;

const useStyles = makeStyles({
  waiting: { display: 'grid', justifyItems: 'start', rowGap: tokens.spacingVerticalM },
  rows: { display: 'grid', rowGap: tokens.spacingVerticalM, width: '100%' },
  sentence: { margin: 0, color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase300 },
});

export interface WaitingProps {
  /** What is waited for, e.g. "Looking for your backups"; "Loading" unless given. */
  readonly label?: string;
  /** As a list of that many rows. */
  readonly rows?: number;
  /** Of one row, in px. */
  readonly rowHeight?: number;
}

export function Waiting({ label, rows, rowHeight = 44 }: WaitingProps) {
  const say = useWords();
  const styles = useStyles();
  const noticed = useAfter(NOTICED_AFTER_MS);
  const slow = useAfter(SLOW_AFTER_MS);
  const name = label ?? say('common.loading');
  return (
    <div role="status" aria-busy className={styles.waiting}>
      {noticed && rows === undefined ? <Spinner size="small" label={name} labelPosition="after" /> : null}
      {noticed && rows !== undefined ? (
        <Skeleton aria-label={name} className={styles.rows}>
          {Array.from({ length: rows }, (_, row) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike and have nothing but their place
            <SkeletonItem key={row} style={{ height: `${rowHeight}px` }} />
          ))}
        </Skeleton>
      ) : null}
      {slow ? <p className={styles.sentence}>{say('common.slow')}</p> : null}
    </div>
  );
}
