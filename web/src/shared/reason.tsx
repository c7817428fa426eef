/**
 * Why something is refused, skipped or late, and what to do: the cause, then the sentence, then the remedy, then what does it.
 *
 * The sentences are the model's, so that page, terminal and log say the same.
 */

import { type Reason as ModelReason, wordsOf } from '@carryover/model/reasons';
import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { type ReactNode, useId } from 'react';
import { type State, StateIcon } from './state-text.tsx';
import { tokens } from './theme.ts';
import { useLanguage } from './words/language.tsx';

const useStyles = makeStyles({
  box: {
    display: 'flex',
    columnGap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalL}`,
    borderRadius: '6px',
    border: `1px solid ${tokens.coTintLine}`,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    minWidth: 0,
  },
  toDo: { backgroundColor: tokens.coNotice },
  tinted: { backgroundColor: tokens.coTint },
  text: { minWidth: 0, overflowWrap: 'anywhere' },
  cause: { fontWeight: tokens.fontWeightSemibold },
  list: { margin: `${tokens.spacingVerticalXS} 0 0`, paddingInlineStart: tokens.spacingHorizontalL },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
    marginBlockStart: tokens.spacingVerticalS,
  },
});

export interface ReasonProps {
  /** In bold, e.g. "Why you can't switch this on:". */
  readonly cause: string;
  /** One is said in a sentence, more as a list. */
  readonly reasons?: readonly ModelReason[];
  /** The box's sign: to be done (amber) unless told otherwise. */
  readonly state?: State;
  /** Further sentences. */
  readonly children?: ReactNode;
  /** Links and buttons that do the remedy. */
  readonly actions?: ReactNode;
}

export function Reason({ cause, reasons = [], state = 'toDo', children, actions }: ReasonProps) {
  const styles = useStyles();
  const causeId = useId();
  const { language } = useLanguage();
  const sentences = reasons.map((reason) => {
    const words = wordsOf(reason, language);
    return { key: JSON.stringify(reason), text: `${words.reason} ${words.remedy}` };
  });
  const [only] = sentences;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset groups fields; this groups a reason and its remedy
    <div
      role="group"
      aria-labelledby={causeId}
      className={mergeClasses(styles.box, state === 'toDo' ? styles.toDo : styles.tinted)}
    >
      <StateIcon state={state} />
      <div className={styles.text}>
        <span id={causeId} className={styles.cause}>
          {cause}
        </span>
        {sentences.length === 1 && only !== undefined ? <span> {only.text}</span> : null}
        {sentences.length > 1 ? (
          <ul className={styles.list}>
            {sentences.map(({ key, text }) => (
              <li key={key}>{text}</li>
            ))}
          </ul>
        ) : null}
        {children === undefined ? null : <div>{children}</div>}
        {actions === undefined ? null : <div className={styles.actions}>{actions}</div>}
      </div>
    </div>
  );
}
