/** The steps of a task that is done page by page: which is open, which were, and the way back into those. */

import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin-policies.ts';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalXL}`,
    listStyleType: 'none',
    margin: 0,
    padding: 0,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  step: {
    display: 'inline-flex',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} 0`,
    border: 'none',
    borderBottom: '3px solid transparent',
    background: 'none',
    color: tokens.colorNeutralForeground2,
    font: 'inherit',
    textAlign: 'start',
    cursor: 'pointer',
    ':disabled': { cursor: 'default', color: tokens.colorNeutralForeground3 },
  },
  open: {
    color: tokens.colorNeutralForeground1,
    fontWeight: tokens.fontWeightSemibold,
    borderBottomColor: tokens.colorCompoundBrandStroke,
    '@media (forced-colors: active)': { borderBottomColor: 'Highlight' },
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
  },
});

export interface WizardStepsProps {
  readonly steps: readonly string[];
  /** Which is open, from 0. */
  readonly current: number;
  /** The furthest that was open; those behind it cannot be chosen yet. */
  readonly reached: number;
  readonly onOpen: (step: number) => void;
}

export function WizardSteps({ steps, current, reached, onOpen }: WizardStepsProps) {
  const say = useWords();
  const styles = useStyles();
  return (
    <nav aria-label={say('wizard.steps')}>
      <ol className={styles.list}>
        {steps.map((step, at) => (
          <li key={step}>
            <button
              type="button"
              aria-current={at === current ? 'step' : undefined}
              disabled={at > reached}
              className={mergeClasses(styles.step, at === current && styles.open)}
              onClick={() => onOpen(at)}
            >
              <span aria-hidden className={styles.sign}>
                {at + 1}
              </span>
              {step}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}
