/** The top of a page or step: where it stands, its one h1, a lead sentence. The h1 takes the focus when the page opens. */

import { makeStyles, mergeClasses, typographyStyles } from '@fluentui/react-components';
import { ChevronRightRegular } from '@fluentui/react-icons/svg/chevron-right';
import { type ReactNode, useEffect, useRef } from 'react';
import { tokens } from './theme.ts';

const useStyles = makeStyles({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    justifyContent: 'space-between',
    gap: tokens.spacingHorizontalM,
    marginBlockEnd: tokens.spacingVerticalXL,
  },
  words: { minWidth: 0 },
  title: {
    margin: 0,
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    columnGap: tokens.spacingHorizontalM,
    overflowWrap: 'anywhere',
    // The heading takes the focus so that it is read; it is no control, so there is nothing for a ring to point at.
    outlineStyle: 'none',
  },
  parent: { fontWeight: tokens.fontWeightRegular, color: tokens.colorNeutralForeground2 },
  chevron: { fontSize: '20px', color: tokens.colorNeutralForeground3, ':dir(rtl)': { transform: 'scaleX(-1)' } },
  setup: typographyStyles.title1,
  settings: typographyStyles.title2,
  admin: typographyStyles.title3,
  lead: { ...typographyStyles.body2, margin: `${tokens.spacingVerticalS} 0 0`, color: tokens.colorNeutralForeground2 },
});

export interface PageHeadProps {
  readonly title: string;
  /** Which kind of page decides the size: device setup, settings, or the admin center. */
  readonly size: 'setup' | 'settings' | 'admin';
  /** What the page lies under, e.g. "Accounts". */
  readonly parent?: string;
  readonly lead?: ReactNode;
  /** Buttons at the end of the line. */
  readonly actions?: ReactNode;
}

/** Also names the document. Give it a `key` that changes with the step, so that the focus moves with it. */
export function PageHead({ title, size, parent, lead, actions }: PageHeadProps) {
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <header className={styles.head}>
      <div className={styles.words}>
        <h1 ref={heading} tabIndex={-1} className={mergeClasses(styles[size], styles.title)}>
          {parent === undefined ? null : (
            <>
              <span className={styles.parent}>{parent}</span>
              <ChevronRightRegular aria-hidden className={styles.chevron} />
            </>
          )}
          <span>{title}</span>
        </h1>
        {lead === undefined ? null : <p className={styles.lead}>{lead}</p>}
      </div>
      {actions}
    </header>
  );
}
