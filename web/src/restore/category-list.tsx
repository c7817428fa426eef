/** The categories in the side: a box that takes all or nothing of one, and a button that shows what is in it. */

import type { PlanView } from '@carryover/model/local-pages';
import { CATEGORIES, type Category } from '@carryover/model/setting';
import { Checkbox, makeStyles, mergeClasses } from '@fluentui/react-components';
import { tokens } from '../shared/theme.ts';
import { offReasons } from './options.ts';
import { type CategoryTicks, categoryTicks, type Ticks } from './ticks.ts';
import { useHere } from './use-here.ts';

const useStyles = makeStyles({
  box: { marginBlock: '28px 20px', '@media (max-width: 860px)': { marginBlock: '4px' } },
  title: {
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalM,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    fontWeight: tokens.fontWeightSemibold,
  },
  list: { listStyleType: 'none', margin: '8px -4px 0', padding: 0, display: 'grid' },
  row: {
    display: 'flex',
    alignItems: 'center',
    minHeight: '46px',
    borderRadius: tokens.borderRadiusMedium,
    borderInlineStartWidth: '3px',
    borderInlineStartStyle: 'solid',
    borderInlineStartColor: 'transparent',
    '@media (max-width: 860px)': { minHeight: '36px' },
  },
  shown: {
    backgroundColor: tokens.colorNeutralBackground1,
    borderInlineStartColor: tokens.colorCompoundBrandBackground,
    '@media (forced-colors: active)': { borderInlineStartColor: 'Highlight' },
  },
  show: {
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'space-between',
    columnGap: tokens.spacingHorizontalS,
    flexGrow: 1,
    minWidth: 0,
    minHeight: '36px',
    padding: `0 ${tokens.spacingHorizontalS}`,
    border: 'none',
    borderRadius: tokens.borderRadiusMedium,
    background: 'none',
    color: 'inherit',
    font: 'inherit',
    textAlign: 'start',
    cursor: 'pointer',
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '2px' },
  },
  name: { minWidth: 0, overflowWrap: 'anywhere' },
  shownName: { fontWeight: tokens.fontWeightSemibold },
  count: {
    flexShrink: 0,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    fontVariantNumeric: 'tabular-nums',
    whiteSpace: 'nowrap',
  },
  why: { margin: '12px 8px 0', fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
});

export interface CategoryListProps {
  /** Undefined while it is read; the categories stand there at once. */
  readonly plan: PlanView | undefined;
  readonly ticks: Ticks;
  readonly shown: Category;
  readonly onShow: (category: Category) => void;
  readonly onTick: (category: Category, on: boolean) => void;
}

export function CategoryList({ plan, ticks, shown, onShow, onTick }: CategoryListProps) {
  const { say, language } = useHere();
  const styles = useStyles();
  const rows = plan === undefined ? CATEGORIES.map(unknown) : categoryTicks(plan, ticks);
  return (
    <nav className={styles.box} aria-label={say('restore.whatComes')}>
      <h2 className={styles.title}>{say('restore.whatComes')}</h2>
      <ul className={styles.list}>
        {rows.map(({ category, state, changeable, chosen, total }) => (
          <li key={category} className={mergeClasses(styles.row, category === shown && styles.shown)}>
            <Checkbox
              aria-label={say(`category.${category}`)}
              checked={state === 'some' ? 'mixed' : state === 'all'}
              disabled={!changeable}
              onChange={() => onTick(category, state !== 'all')}
            />
            <button
              type="button"
              className={styles.show}
              aria-current={category === shown ? 'true' : undefined}
              onClick={() => onShow(category)}
            >
              <span className={mergeClasses(styles.name, category === shown && styles.shownName)}>
                {say(`category.${category}`)}
              </span>
              <span className={styles.count}>
                {plan === undefined
                  ? ''
                  : total === 0
                    ? say('restore.categoryNothing')
                    : chosen === 0
                      ? say('restore.categoryOff')
                      : say('restore.ofTotal', { n: chosen, total })}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {plan === undefined
        ? null
        : offReasons(plan, language).map((sentence) => (
            <p key={sentence} className={styles.why}>
              {sentence}
            </p>
          ))}
    </nav>
  );
}

function unknown(category: Category): CategoryTicks {
  return { category, state: 'none', changeable: false, chosen: 0, total: 0 };
}
