/** Home: who could get a new PC today, what came last, and the guide until it is finished. */

import type { Overview } from '@carryover/model/admin';
import { makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import { PageHead } from '../../shared/page-head.tsx';
import { tokens } from '../../shared/theme.ts';
import { timeOf } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { GuideCard } from '../guide/guide-card.tsx';
import { useGraph } from '../session.tsx';
import { Reading } from '../shell/reading.tsx';
import { BackupsCard } from './backups-card.tsx';
import { CoverageCard } from './coverage-card.tsx';
import { RestoresCard } from './restores-card.tsx';

/** As long as the service keeps its count. */
const LOOK_EVERY_MS = 30_000;

const useStyles = makeStyles({
  cards: { display: 'grid', gap: tokens.spacingHorizontalL, gridTemplateColumns: 'minmax(0, 1fr)' },
  pair: {
    display: 'grid',
    alignItems: 'start',
    gap: tokens.spacingHorizontalL,
    gridTemplateColumns: 'repeat(auto-fit, minmax(min(100%, 360px), 1fr))',
  },
});

export function HomePage() {
  const say = useWords();
  const styles = useStyles();
  const { language } = useLanguage();
  const graph = useGraph();
  const overview = useQuery({
    queryKey: ['overview'],
    queryFn: ({ signal }) => graph.get<Overview>('/beta/carryover/overview', { signal }),
    refetchInterval: LOOK_EVERY_MS,
  });
  const { data } = overview;
  const asOf = data === undefined ? undefined : { n: data.devices, time: timeOf(data.asOf, { language }) };
  return (
    <>
      <PageHead size="admin" title={say('admin.home')} lead={asOf === undefined ? undefined : say('home.asOf', asOf)} />
      <div className={styles.cards}>
        {data === undefined || data.devices > 0 ? null : <GuideCard />}
        <Reading of={overview} rows={6}>
          {(known) => (
            <div className={styles.cards}>
              {known.devices === 0 ? null : <CoverageCard overview={known} />}
              <div className={styles.pair}>
                <BackupsCard overview={known} />
                <RestoresCard overview={known} />
              </div>
            </div>
          )}
        </Reading>
        {data === undefined || data.devices === 0 ? null : <GuideCard />}
      </div>
    </>
  );
}
