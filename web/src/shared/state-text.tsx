/** A state in words, with the icon that repeats it: fine, to be done, failing, off, waiting, locked. */

import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { CheckmarkCircleFilled } from '@fluentui/react-icons/svg/checkmark-circle';
import { ClockRegular } from '@fluentui/react-icons/svg/clock';
import { ErrorCircleFilled } from '@fluentui/react-icons/svg/error-circle';
import { LockClosedRegular } from '@fluentui/react-icons/svg/lock-closed';
import { SubtractCircleFilled } from '@fluentui/react-icons/svg/subtract-circle';
import { WarningFilled } from '@fluentui/react-icons/svg/warning';
import type { ReactNode } from 'react';
import { tokens } from './theme.ts';

export type State = 'fine' | 'toDo' | 'failing' | 'off' | 'waiting' | 'locked';

const ICONS = {
  fine: CheckmarkCircleFilled,
  toDo: WarningFilled,
  failing: ErrorCircleFilled,
  off: SubtractCircleFilled,
  waiting: ClockRegular,
  locked: LockClosedRegular,
} as const satisfies Record<State, unknown>;

const useStyles = makeStyles({
  text: { display: 'inline-flex', alignItems: 'flex-start', columnGap: tokens.spacingHorizontalXS, minWidth: 0 },
  icon: { flexShrink: 0, fontSize: '18px', lineHeight: 1, marginBlockStart: '1px' },
  fine: { color: tokens.coProtected },
  toDo: { color: tokens.coStaleText },
  failing: { color: tokens.coFailingText },
  off: { color: tokens.coIneligible },
  waiting: { color: tokens.colorNeutralForeground3 },
  locked: { color: tokens.colorNeutralForeground3 },
});

/** The sign alone, for a place whose words stand beside it. */
export function StateIcon({ state, className }: { readonly state: State; readonly className?: string }) {
  const styles = useStyles();
  const Icon = ICONS[state];
  return <Icon aria-hidden className={mergeClasses(styles.icon, styles[state], className)} />;
}

export function StateText({ state, children }: { readonly state: State; readonly children: ReactNode }) {
  const styles = useStyles();
  return (
    <span className={styles.text}>
      <StateIcon state={state} />
      <span>{children}</span>
    </span>
  );
}
