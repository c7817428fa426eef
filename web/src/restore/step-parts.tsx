/** Pieces that several steps share: the foot with its buttons, a tinted line of what is safe, and what did not work. */

import { KnownError } from '@carryover/model/errors';
import { makeStyles, mergeClasses } from '@fluentui/react-components';
import type { ReactNode } from 'react';
import { isLost } from '../shared/local-client.ts';
import { type State, StateIcon } from '../shared/state-text.tsx';
import { tokens } from '../shared/theme.ts';
import { useWords } from '../shared/words/restore.ts';

const useStyles = makeStyles({
  foot: {
    marginBlockStart: 'auto',
    paddingBlock: '20px 28px',
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
  },
  buttons: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    marginInlineStart: 'auto',
  },
  note: {
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  box: {
    display: 'flex',
    columnGap: tokens.spacingHorizontalM,
    alignItems: 'flex-start',
    padding: `${tokens.spacingVerticalMNudge} ${tokens.spacingHorizontalL}`,
    borderRadius: tokens.borderRadiusMedium,
    border: `1px solid ${tokens.coTintLine}`,
    maxWidth: '680px',
    marginBlockEnd: tokens.spacingVerticalL,
  },
  calm: { backgroundColor: tokens.coTint },
  notice: { backgroundColor: tokens.coNotice },
  text: { minWidth: 0, overflowWrap: 'anywhere', flexGrow: 1 },
});

export interface FootProps {
  readonly start?: ReactNode;
  /** Buttons at the end, the primary one last. */
  readonly children: ReactNode;
}

export function Foot({ start, children }: FootProps) {
  const styles = useStyles();
  return (
    <div className={styles.foot}>
      {start}
      <div className={styles.buttons}>{children}</div>
    </div>
  );
}

export function FootNote({ children }: { readonly children: ReactNode }) {
  return <span className={useStyles().note}>{children}</span>;
}

export interface LineBoxProps {
  readonly state: State;
  readonly strong: string;
  readonly children?: ReactNode;
  readonly role?: 'alert' | 'status';
}

/** One line in a box: the strong part first. Calm unless something is to be done or failed. */
export function LineBox({ state, strong, children, role }: LineBoxProps) {
  const styles = useStyles();
  const isCalm = state !== 'toDo' && state !== 'failing';
  return (
    <div role={role} className={mergeClasses(styles.box, isCalm ? styles.calm : styles.notice)}>
      <StateIcon state={state} />
      <div className={styles.text}>
        <strong>{strong}</strong> {children}
      </div>
    </div>
  );
}

/** What a press of a button could not do; nothing when it could. */
export function ActFault({ error }: { readonly error: Error | undefined }) {
  const say = useWords();
  if (error === undefined) return null;
  const code = error instanceof KnownError ? ` (${error.inner ?? error.code})` : '';
  return (
    <LineBox state="failing" strong={`${say('restore.fault.title')}.`} role="alert">
      {isLost(error) ? say('restore.offlineFirst') : `${error.message}${code}`}
    </LineBox>
  );
}
