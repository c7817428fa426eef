/** How devices stand, in words and numbers; each line leads to its devices. One device alone is said in a sentence. */

import { COVERAGE, type Coverage, type Overview } from '@carryover/model/admin';
import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { Link } from '@tanstack/react-router';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { useCardStyles } from '../shell/use-card-styles.ts';

const useStyles = makeStyles({
  table: { width: '100%', borderCollapse: 'collapse', fontVariantNumeric: 'tabular-nums' },
  head: {
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    textAlign: 'start',
    color: tokens.colorNeutralForeground2,
    paddingBlock: tokens.spacingVerticalXS,
  },
  cell: {
    height: '44px',
    padding: `${tokens.spacingVerticalXS} 0`,
    fontWeight: tokens.fontWeightRegular,
    textAlign: 'start',
    borderTop: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  number: { textAlign: 'end', paddingInlineStart: tokens.spacingHorizontalM, whiteSpace: 'nowrap' },
  state: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalS },
  mark: {
    flexShrink: 0,
    width: '12px',
    height: '12px',
    borderRadius: '3px',
    border: '1px solid transparent',
    '@media (forced-colors: active)': { border: '1px solid CanvasText', backgroundColor: 'Canvas' },
  },
  backedUp: { backgroundColor: tokens.coProtected },
  overdue: { backgroundColor: tokens.coStale },
  failing: { backgroundColor: tokens.coFailing },
  notEligible: { backgroundColor: tokens.coIneligible },
  notSwitchedOn: { backgroundColor: tokens.coOff, border: `1px solid ${tokens.coOffLine}` },
  never: { backgroundColor: 'transparent', border: `1px solid ${tokens.coOffLine}` },
});

const WORDS = {
  backedUp: 'coverage.protected',
  overdue: 'coverage.stale',
  failing: 'coverage.failing',
  notEligible: 'coverage.ineligible',
  notSwitchedOn: 'coverage.off',
  never: 'home.notBackedUp',
} as const satisfies Record<Coverage, string>;

export function CoverageCard({ overview }: { readonly overview: Overview }) {
  const say = useWords();
  const cards = useCardStyles();
  const { coverage, devices } = overview;
  const only = devices === 1 ? COVERAGE.find((state) => coverage[state] === 1) : undefined;
  return (
    <section className={cards.card} aria-labelledby="coverage-card">
      <h2 id="coverage-card" className={cards.title}>
        {say('admin.ready')}
      </h2>
      {only === undefined ? (
        <CoverageTable overview={overview} />
      ) : (
        <p className={cards.lead}>
          <Link to="/devices" search={{ state: only }} className={cards.link}>
            {say('home.coverageOne', { state: say(WORDS[only]) })}
          </Link>
        </p>
      )}
    </section>
  );
}

function CoverageTable({ overview: { coverage, devices, backupIntervalDays } }: { readonly overview: Overview }) {
  const say = useWords();
  const styles = useStyles();
  const cards = useCardStyles();
  const { language } = useLanguage();
  const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  return (
    <table className={styles.table} aria-labelledby="coverage-card">
      <thead>
        <tr>
          <th scope="col" className={styles.head}>
            {say('home.state')}
          </th>
          <th scope="col" className={mergeClasses(styles.head, styles.number)}>
            {say('home.count')}
          </th>
          <th scope="col" className={mergeClasses(styles.head, styles.number)}>
            {say('home.share')}
          </th>
        </tr>
      </thead>
      <tbody>
        {COVERAGE.map((state) => (
          <tr key={state}>
            <th scope="row" className={styles.cell}>
              <span className={styles.state}>
                <span aria-hidden className={mergeClasses(styles.mark, styles[state])} />
                <span>
                  <Link to="/devices" search={{ state }} className={cards.link}>
                    {say(WORDS[state])}
                  </Link>{' '}
                  {state === 'backedUp' ? (
                    <span className={cards.second}>{say('home.inTime', { n: backupIntervalDays })}</span>
                  ) : null}
                </span>
              </span>
            </th>
            <td className={mergeClasses(styles.cell, styles.number)}>{coverage[state].toLocaleString(language)}</td>
            <td className={mergeClasses(styles.cell, styles.number)}>{share.format(coverage[state] / devices)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
