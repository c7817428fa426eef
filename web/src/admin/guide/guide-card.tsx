/** The guide on Home, as long as it is not finished: how far things are and what comes next. */

import { makeStyles, ProgressBar } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin.ts';
import { Reading } from '../shell/reading.tsx';
import { useCardStyles } from '../shell/use-card-styles.ts';
import { doneOf, nextOf, useFirstRun } from './first-run.ts';

const useStyles = makeStyles({ next: { margin: `${tokens.spacingVerticalM} 0` } });

export function GuideCard() {
  const say = useWords();
  const styles = useStyles();
  const cards = useCardStyles();
  const query = useFirstRun();
  if (query.data?.finished === true) return null;
  return (
    <section className={cards.card} aria-labelledby="guide-card">
      <h2 id="guide-card" className={cards.title}>
        {say('guideCard.title')}
      </h2>
      <Reading of={query} rows={2}>
        {(firstRun) => {
          const [done, total, next] = [doneOf(firstRun), firstRun.steps.length, nextOf(firstRun)];
          const lead = say('guideCard.lead', { done, total });
          return (
            <>
              <p className={cards.lead}>{lead}</p>
              <ProgressBar aria-label={lead} value={done} max={total} />
              {next === undefined ? null : (
                <p className={styles.next}>{say('guideCard.next', { step: say(`step.${next.id}`) })}</p>
              )}
              <Link to="/guide" className={cards.link}>
                {say('guideCard.open')}
              </Link>
            </>
          );
        }}
      </Reading>
    </section>
  );
}
