/**
 * A row of the settings page: icon, name, sentence, control at the end. Cards of one group share a border.
 *
 * A row that is switched off keeps readable words; only its control and icon are grey (people read them with the reason).
 */

import { makeStyles, mergeClasses } from '@fluentui/react-components';
import { type ReactNode, useId } from 'react';
import { tokens } from './theme.ts';

const useStyles = makeStyles({
  card: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
    minHeight: '66px',
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalXL}`,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: '6px',
  },
  sub: { minHeight: '50px', paddingBlock: tokens.spacingVerticalS },
  grouped: { border: 'none', borderRadius: 0 },
  icon: { display: 'flex', flexShrink: 0, fontSize: '22px', width: '22px', color: tokens.colorNeutralForeground2 },
  off: { color: tokens.colorNeutralForegroundDisabled },
  noIcon: { width: '22px', flexShrink: 0 },
  // Narrower than this, the control moves under the words.
  words: { flex: '1 1 6rem', minWidth: 0, overflowWrap: 'anywhere' },
  title: { fontSize: tokens.fontSizeBase300, lineHeight: tokens.lineHeightBase300 },
  quiet: { color: tokens.colorNeutralForeground3 },
  description: {
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
    color: tokens.colorNeutralForeground3,
  },
  control: {
    display: 'flex',
    alignItems: 'center',
    flexShrink: 0,
    maxWidth: '100%',
    columnGap: tokens.spacingHorizontalS,
    marginInlineStart: 'auto',
  },
  group: {
    overflow: 'hidden',
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: '6px',
    '& > * + *': { borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  },
});

export interface SettingCardProps {
  readonly title: string;
  readonly icon?: ReactNode;
  readonly description?: ReactNode;
  /** What cannot be changed here has quieter words. */
  readonly disabled?: boolean;
  /** A lower row, part of the one above. */
  readonly sub?: boolean;
  /** In a SettingGroup, which draws the border. */
  readonly grouped?: boolean;
  /** Makes the control; give it these as aria-labelledby and aria-describedby. */
  readonly control?: (names: ControlNames) => ReactNode;
}

export interface ControlNames {
  readonly labelledBy: string;
  readonly describedBy: string | undefined;
}

export function SettingCard({
  title,
  icon,
  description,
  disabled = false,
  sub = false,
  grouped = false,
  control,
}: SettingCardProps) {
  const styles = useStyles();
  const id = useId();
  const descriptionId = description === undefined ? undefined : `${id}-description`;
  return (
    <div className={mergeClasses(styles.card, sub && styles.sub, grouped && styles.grouped)}>
      {icon === undefined ? (
        sub && <span className={styles.noIcon} />
      ) : (
        <span aria-hidden className={mergeClasses(styles.icon, disabled && styles.off)}>
          {icon}
        </span>
      )}
      <div className={styles.words}>
        <div id={`${id}-title`} className={mergeClasses(styles.title, disabled && styles.quiet)}>
          {title}
        </div>
        {description === undefined ? null : (
          <div id={descriptionId} className={styles.description}>
            {description}
          </div>
        )}
      </div>
      {control === undefined ? null : (
        <div className={styles.control}>{control({ labelledBy: `${id}-title`, describedBy: descriptionId })}</div>
      )}
    </div>
  );
}

/** Rows that belong together, in one border. */
export function SettingGroup({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  const styles = useStyles();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a card of rows in every browser
    <div role="group" aria-label={label} className={styles.group}>
      {children}
    </div>
  );
}
