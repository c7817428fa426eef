/** The steps in order, each with its sign and its fact; one of them is open beside the list. */

import type { FirstRunStep, FirstRunStepId } from '@carryover/model/admin';
import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { StateIcon } from '../../shared/state-text.tsx';
import { tokens } from '../../shared/theme.ts';
import { VisuallyHidden } from '../../shared/visually-hidden.tsx';
import { useWords } from '../../shared/words/admin.ts';
import { factOf } from './step-words.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: `${tokens.spacingVerticalM} -12px 0`, padding: 0 },
  step: {
    display: 'flex',
    columnGap: tokens.spacingHorizontalM,
    width: '100%',
    minHeight: '52px',
    padding: '8px 12px',
    textAlign: 'start',
    font: 'inherit',
    color: tokens.colorNeutralForeground1,
    backgroundColor: 'transparent',
    border: '0 solid transparent',
    borderInlineStartWidth: '3px',
    borderInlineStartStyle: 'solid',
    borderInlineStartColor: 'transparent',
    cursor: 'pointer',
    // What is transparent otherwise is drawn in forced colours.
    '@media (forced-colors: active)': { borderInlineStartColor: 'Canvas' },
    ':hover': { backgroundColor: tokens.colorNeutralBackground1Hover },
    ':focus-visible': { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: '-2px' },
  },
  open: {
    backgroundColor: tokens.coTint,
    borderInlineStartColor: tokens.colorCompoundBrandBackground,
    ':hover': { backgroundColor: tokens.coTint },
    '@media (forced-colors: active)': { borderInlineStartColor: 'Highlight' },
  },
  sign: {
    display: 'inline-flex',
    alignItems: 'center',
    justifyContent: 'center',
    flexShrink: 0,
    width: '22px',
    height: '22px',
    borderRadius: '50%',
    border: `1px solid ${tokens.colorNeutralStrokeAccessible}`,
    fontSize: tokens.fontSizeBase200,
    fontVariantNumeric: 'tabular-nums',
  },
  done: { border: '0 solid transparent', '& svg': { fontSize: '22px', margin: 0 } },
  words: { display: 'grid', minWidth: 0, overflowWrap: 'anywhere' },
  fact: {
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground2,
  },
});

export interface StepListProps {
  readonly steps: readonly FirstRunStep[];
  readonly open: FirstRunStepId;
  readonly onOpen: (id: FirstRunStepId) => void;
}

export function StepList({ steps, open, onOpen }: StepListProps) {
  const say = useWords();
  const styles = useStyles();
  return (
    <ol className={styles.list}>
      {steps.map((step, index) => (
        <li key={step.id}>
          <button
            type="button"
            aria-current={step.id === open ? 'step' : undefined}
            className={mergeClasses(styles.step, step.id === open && styles.open)}
            onClick={() => onOpen(step.id)}
          >
            <span aria-hidden className={mergeClasses(styles.sign, step.done && styles.done)}>
              {step.done ? <StateIcon state="fine" /> : index + 1}
            </span>
            <span className={styles.words}>
              <span>
                <VisuallyHidden>{`${say(step.done ? 'guide.done' : 'guide.open')}:`}</VisuallyHidden>{' '}
                {say(`step.${step.id}`)}
              </span>
              <span className={styles.fact}>{factOf(step, say)}</span>
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}
