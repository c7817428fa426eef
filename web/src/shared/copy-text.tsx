/** A text to copy: an id, a command, details for IT. Selectable, with a button that copies and says that it did. */

import { Button, makeStyles } from '@fluentui/react-components';
import { CheckmarkRegular } from '@fluentui/react-icons/svg/checkmark';
import { CopyRegular } from '@fluentui/react-icons/svg/copy';
import { useState } from 'react';
import { tokens } from './theme.ts';
import { useWords } from './words/shared.ts';

const useStyles = makeStyles({
  box: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    backgroundColor: tokens.coTint,
    border: `1px solid ${tokens.coTintLine}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  text: {
    flexGrow: 1,
    flexBasis: 0,
    minWidth: 'min(100%, 12rem)',
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    lineHeight: '18px',
    color: tokens.colorNeutralForeground1,
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  said: { fontSize: tokens.fontSizeBase200, lineHeight: tokens.lineHeightBase200 },
});

export interface CopyTextProps {
  readonly text: string;
  /** What the button is called; "Copy" unless there are several on a page. */
  readonly label?: string;
  /** Copied without being shown, e.g. details that a list beside it shows. */
  readonly hidden?: boolean;
}

export function CopyText({ text, label, hidden = false }: CopyTextProps) {
  const say = useWords();
  const styles = useStyles();
  const [outcome, setOutcome] = useState<'copied' | 'failed'>();
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setOutcome('copied'),
      () => setOutcome('failed'),
    );
  const button = (
    <>
      <Button
        appearance="subtle"
        icon={outcome === 'copied' ? <CheckmarkRegular /> : <CopyRegular />}
        onClick={() => void copy()}
      >
        {label ?? say('common.copy')}
      </Button>
      <span role="status" className={styles.said}>
        {outcome === undefined ? '' : say(outcome === 'copied' ? 'common.copied' : 'common.copyFailed')}
      </span>
    </>
  );
  if (hidden) return <span>{button}</span>;
  return (
    <div className={styles.box}>
      <code className={styles.text}>{text}</code>
      {button}
    </div>
  );
}
