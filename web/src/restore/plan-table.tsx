/** What each item of a category is now and will be: with a box, locked with its reason, or folded when it is the same. */

import type { PlannedItem } from '@carryover/model/local-pages';
import { wordsOf } from '@carryover/model/reasons';
import { Checkbox, makeStyles, mergeClasses } from '@fluentui/react-components';
import { ArrowRightRegular } from '@fluentui/react-icons/svg/arrow-right';
import { LockClosedRegular } from '@fluentui/react-icons/svg/lock-closed';
import type { ReactNode } from 'react';
import { tokens } from '../shared/theme.ts';
import { VisuallyHidden } from '../shared/visually-hidden.tsx';
import type { rowsOf } from './options.ts';
import type { Ticks } from './ticks.ts';
import { useHere } from './use-here.ts';

const CARDS = '@media (max-width: 480px)';

const useStyles = makeStyles({
  box: {
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    overflow: 'hidden',
    flexShrink: 0,
  },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    backgroundColor: tokens.colorNeutralBackground2,
  },
  title: { margin: 0, fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase400 },
  counts: { fontSize: tokens.fontSizeBase200, fontVariantNumeric: 'tabular-nums' },
  table: {
    width: '100%',
    borderCollapse: 'collapse',
    tableLayout: 'fixed',
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    [CARDS]: { display: 'block' },
  },
  headRow: { [CARDS]: { display: 'none' } },
  body: { [CARDS]: { display: 'block' } },
  headCell: {
    textAlign: 'start',
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL}`,
    borderBlockEndWidth: '1px',
    borderBlockEndStyle: 'solid',
    borderBlockEndColor: tokens.colorNeutralStroke2,
  },
  first: { width: '32%' },
  row: { [CARDS]: { display: 'block', paddingBlock: tokens.spacingVerticalS } },
  cell: {
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalL}`,
    height: '48px',
    borderBlockStartWidth: '1px',
    borderBlockStartStyle: 'solid',
    borderBlockStartColor: tokens.colorNeutralStroke3,
    overflowWrap: 'anywhere',
    textAlign: 'start',
    fontWeight: tokens.fontWeightRegular,
    [CARDS]: { display: 'block', height: 'auto', borderBlockStartStyle: 'none', paddingBlock: '1px' },
  },
  locked: { display: 'flex', alignItems: 'center', columnGap: tokens.spacingHorizontalS },
  change: { display: 'flex', alignItems: 'flex-start', columnGap: tokens.spacingHorizontalM },
  sign: { width: '18px', flexShrink: 0, fontSize: '16px', '& svg:dir(rtl)': { transform: 'scaleX(-1)' } },
  checkbox: { marginInlineStart: '-8px' },
  will: { fontWeight: tokens.fontWeightSemibold },
  not: { textDecorationLine: 'line-through', color: tokens.colorNeutralForeground2 },
  reason: { display: 'block', fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
  cardHead: { display: 'none', [CARDS]: { display: 'inline', color: tokens.colorNeutralForeground2 } },
  fold: {
    padding: `${tokens.spacingVerticalMNudge} ${tokens.spacingHorizontalL}`,
    borderBlockStartWidth: '1px',
    borderBlockStartStyle: 'solid',
    borderBlockStartColor: tokens.colorNeutralStroke2,
    '& summary': { cursor: 'pointer' },
  },
  same: { margin: `${tokens.spacingVerticalS} 0 0`, color: tokens.colorNeutralForeground2 },
  empty: { margin: 0, padding: tokens.spacingHorizontalL },
});

export interface PlanTableProps {
  /** What the category is called. */
  readonly title: string;
  readonly rows: ReturnType<typeof rowsOf>;
  readonly ticks: Ticks;
  readonly onTick: (id: string, on: boolean) => void;
}

export function PlanTable({ title, rows, ticks, onTick }: PlanTableProps) {
  const { say } = useHere();
  const styles = useStyles();
  const { boxes, locked, same } = rows;
  const isApps = [...boxes, ...locked, ...same].every(({ kind }) => kind === 'app');
  const hasRows = boxes.length + locked.length > 0;
  return (
    <section className={styles.box} aria-label={title}>
      <div className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        <span className={styles.counts}>{countsWords(rows, ticks, say)}</span>
      </div>
      {hasRows ? (
        <table className={styles.table} aria-label={title}>
          <thead className={styles.headRow}>
            <tr>
              <th scope="col" className={mergeClasses(styles.headCell, styles.first)}>
                {say(isApps ? 'restore.app' : 'restore.setting')}
              </th>
              <th scope="col" className={styles.headCell}>
                {say('restore.nowHead')}
              </th>
              <th scope="col" className={styles.headCell}>
                {say('restore.willHead')}
              </th>
            </tr>
          </thead>
          <tbody className={styles.body}>
            {boxes.map((item) => (
              <Row key={item.id} item={item} comes={ticks.has(item.id)}>
                <Checkbox
                  className={styles.checkbox}
                  label={item.title}
                  checked={ticks.has(item.id)}
                  onChange={(_, { checked }) => onTick(item.id, checked === true)}
                />
              </Row>
            ))}
            {locked.map((item) => (
              <Row key={item.id} item={item} comes={false}>
                <span className={styles.locked}>
                  <LockClosedRegular aria-hidden />
                  {item.title}
                </span>
              </Row>
            ))}
          </tbody>
        </table>
      ) : (
        <p className={styles.empty}>{say(same.length > 0 ? 'restore.nothingDiffers' : 'restore.nothingInIt')}</p>
      )}
      {same.length === 0 ? null : (
        <details className={styles.fold}>
          <summary>{say(isApps ? 'restore.sameApps' : 'restore.same', { n: same.length })}</summary>
          <ul className={styles.same}>
            {same.map(({ id, title: name, now }) => (
              <li key={id}>{now === '' ? name : `${name}: ${now}`}</li>
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

interface RowProps {
  readonly item: PlannedItem;
  readonly comes: boolean;
  /** The box, or a lock in its place, with the title. */
  readonly children: ReactNode;
}

function Row({ item, comes, children }: RowProps) {
  const { say, language } = useHere();
  const styles = useStyles();
  const { now, will, kind } = item;
  return (
    <tr className={styles.row}>
      <th scope="row" className={styles.cell}>
        {children}
      </th>
      <td className={styles.cell}>
        <span className={styles.cardHead}>{say('restore.nowHead')}: </span>
        {now === '' ? say(kind === 'app' ? 'restore.notInstalled' : 'restore.notSet') : <Value words={now} />}
      </td>
      <td className={styles.cell}>
        <span className={styles.cardHead}>{say('restore.willHead')}: </span>
        <span className={styles.change}>
          <span className={styles.sign} aria-hidden>
            {comes ? <ArrowRightRegular /> : '='}
          </span>
          <span>
            {comes ? null : <VisuallyHidden>{say('restore.staysAs')} </VisuallyHidden>}
            <span className={comes ? styles.will : styles.not}>
              <Value words={will} />
            </span>
            {comes ? null : <span className={styles.reason}>{whyNot(item, language, say)}</span>}
          </span>
        </span>
      </td>
    </tr>
  );
}

const COLOUR = /^#[0-9a-f]{6}$/i;

/** A colour shows itself beside its name. */
function Value({ words }: { readonly words: string }) {
  if (!COLOUR.test(words)) return words;
  return (
    <>
      <svg width="14" height="14" aria-hidden="true" focusable="false">
        <rect width="14" height="14" rx="3" fill={words} stroke={tokens.colorNeutralStroke1} />
      </svg>{' '}
      <bdi>{words}</bdi>
    </>
  );
}

type Say = ReturnType<typeof useHere>['say'];

function whyNot({ step, reason }: PlannedItem, language: 'en' | 'de', say: Say): string {
  if (step === 'change' || reason === undefined || reason.code === 'leftOut') return say('restore.leftOut');
  const words = wordsOf(reason, language);
  // Their remedy is written for the command line; here it is the box in front of it.
  const isAskedFor = ['runsCode', 'networkReach', 'offByDefault'].includes(reason.code);
  return `${words.reason} ${isAskedFor ? say('restore.tickToBring') : words.remedy}`;
}

/** "5 will change, 5 already the same, 1 left out, 1 stays behind". */
function countsWords({ boxes, locked, same }: PlanTableProps['rows'], ticks: Ticks, say: Say): string {
  const coming = boxes.filter(({ id }) => ticks.has(id)).length;
  const counts = [
    ['restore.willChange', coming],
    ['restore.alreadySame', same.length],
    ['restore.isLeftOut', boxes.length - coming],
    ['restore.staysBehind', locked.length],
  ] as const;
  return counts
    .filter(([, n]) => n > 0)
    .map(([name, n]) => say(name, { n }))
    .join(', ');
}
