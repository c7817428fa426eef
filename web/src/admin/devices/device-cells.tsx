/** Why a device cannot back up and what to do, and what came of its last restore: the two cells of the list that explain. */

import type { ManagedDevice } from '@carryover/model/admin';
import { type Reason, wordsOf } from '@carryover/model/reasons';
import { makeStyles } from '@fluentui/react-components';
import { tokens } from '../../shared/theme.ts';
import { day } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { SETUP_OUTCOME_WORDS } from './device-words.ts';

const useStyles = makeStyles({
  reason: { minWidth: '12rem', '@media (max-width: 640px)': { minWidth: 0 } },
  small: { display: 'block', color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

export interface WhyNotProps {
  readonly reasons: readonly Reason[];
  readonly failed: ManagedDevice['carryover']['backup']['failed'];
}

/** The first reason with its remedy, and how many more there are; the device itself tells all. */
export function WhyNot({ reasons, failed }: WhyNotProps) {
  const say = useWords();
  const styles = useStyles();
  const { language } = useLanguage();
  const [first] = reasons;
  if (first === undefined)
    return failed === null ? '' : say('deviceList.failedRuns', { n: failed.runs, code: failed.code });
  const { reason, remedy } = wordsOf(first, language);
  return (
    <div className={styles.reason}>
      {reason} <span className={styles.small}>{remedy}</span>
      {reasons.length === 1 ? null : (
        <span className={styles.small}>{say('deviceList.moreReasons', { n: reasons.length - 1 })}</span>
      )}
    </div>
  );
}

export interface LastOutcomeProps {
  readonly restore: ManagedDevice['carryover']['restore'];
  readonly now: Date;
}

/** Of the newest restore; of the restore page while there was none. */
export function LastOutcome({ restore: { newest, setupOutcome }, now }: LastOutcomeProps) {
  const say = useWords();
  const styles = useStyles();
  const { language } = useLanguage();
  if (newest !== null)
    return (
      <>
        {say(`deviceList.outcome.${newest.outcome}`)}
        <span className={styles.small}>{day(newest.startedDateTime, now, { language })}</span>
      </>
    );
  return setupOutcome === null ? say('deviceList.noOutcome') : say(SETUP_OUTCOME_WORDS[setupOutcome]);
}
