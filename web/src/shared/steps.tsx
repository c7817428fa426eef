/** The steps of a task in order, with the one that is open; on a narrow page "Step 2 of 4". */

import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark';
import { tokens } from './theme.ts';
import { VisuallyHidden } from './visually-hidden.tsx';
import { useWords } from './words/shared.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', rowGap: tokens.spacingVerticalM },
  step: {
    display: 'flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground2,
  },
  current: { color: tokens.coInk, fontWeight: tokens.fontWeightSemibold },
  sign: {
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    flexShrink: 0,
    width: '20px',
    height: '20px',
    borderRadius: '50%',
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    fontSize: tokens.fontSizeBase200,
    lineHeight: '18px',
    fontVariantNumeric: 'tabular-nums',
  },
  doneSign: { border: `1px solid ${tokens.coProtected}`, color: tokens.coProtected },
  currentSign: {
    border: `1px solid ${tokens.colorCompoundBrandBackground}`,
    backgroundColor: tokens.colorCompoundBrandBackground,
    color: tokens.colorNeutralForegroundInverted,
    '@media (forced-colors: active)': {
      backgroundColor: 'Highlight',
      color: 'HighlightText',
      forcedColorAdjust: 'none',
    },
  },
});

export interface StepsProps {
  /** Names the list, e.g. the task. */
  readonly label: string;
  readonly steps: readonly string[];
  /** Which is open, from 0; as many as there are steps when all are done. */
  readonly current: number;
}

export function Steps({ label, steps, current }: StepsProps) {
  const say = useWords();
  const styles = useStyles();
  return (
    <ol aria-label={label} className={styles.list}>
      {steps.map((step, index) => (
        <li
          key={step}
          aria-current={index === current ? 'step' : undefined}
          className={mergeClasses(styles.step, index === current && styles.current)}
        >
          <span
            aria-hidden
            className={mergeClasses(
              styles.sign,
              index < current && styles.doneSign,
              index === current && styles.currentSign,
            )}
          >
            {index < current ? <CheckmarkRegular /> : index + 1}
          </span>
          <span>{step}</span>
          {index < current ? <VisuallyHidden>{`, ${say('steps.done')}`}</VisuallyHidden> : null}
        </li>
      ))}
    </ol>
  );
}

/** The same in the head of a narrow page. */
export function StepOf({ steps, current }: Pick<StepsProps, 'steps' | 'current'>) {
  const say = useWords();
  return <span>{say('steps.of', { n: Math.min(current + 1, steps.length), total: steps.length })}</span>;
}
