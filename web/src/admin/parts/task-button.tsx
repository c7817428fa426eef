/** A button for something that needs a role: off without it, with the role beside it. */

import { Button, makeStyles } from '@fluentui/react-components';
import { useId } from 'react';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { NEEDED, type Task } from './roles.ts';

const useStyles = makeStyles({
  place: { display: 'inline-flex', flexWrap: 'wrap', alignItems: 'center', columnGap: tokens.spacingHorizontalS },
  role: { color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

export interface TaskButtonProps {
  readonly task: Task;
  readonly may: boolean;
  readonly children: string;
  /** When several buttons of a page read the same. */
  readonly label?: string | undefined;
  readonly primary?: boolean;
  readonly small?: boolean;
  /** For now; the focus may stay on it. */
  readonly disabled?: boolean;
  /** The role is said elsewhere, once for many buttons; here only on asking. */
  readonly quiet?: boolean;
  readonly onClick: () => void;
}

export function TaskButton(props: TaskButtonProps) {
  const { task, may, children, label, primary = false, small = false, disabled = false, quiet = false } = props;
  const say = useWords();
  const styles = useStyles();
  const id = useId();
  const needed = may ? undefined : say('page.needsRole', { roles: NEEDED[task].join(` ${say('page.or')} `) });
  const roleShown = needed !== undefined && !quiet;
  return (
    <span className={styles.place}>
      <Button
        appearance={primary ? 'primary' : 'secondary'}
        size={small ? 'small' : 'medium'}
        disabled={!may}
        disabledFocusable={may && disabled}
        aria-label={label}
        title={quiet ? needed : undefined}
        aria-describedby={roleShown ? id : undefined}
        onClick={props.onClick}
      >
        {children}
      </Button>
      {roleShown ? (
        <span id={id} className={styles.role}>
          {needed}
        </span>
      ) : null}
    </span>
  );
}
