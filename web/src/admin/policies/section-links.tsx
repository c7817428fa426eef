/** The sections of a long page in a row: each is one press away and takes the focus. */

import { Link, makeStyles } from '@fluentui/react-components';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin-policies.ts';

const useStyles = makeStyles({
  list: {
    display: 'flex',
    flexWrap: 'wrap',
    columnGap: tokens.spacingHorizontalXL,
    rowGap: tokens.spacingVerticalS,
    listStyleType: 'none',
    margin: `0 0 ${tokens.spacingVerticalL}`,
    padding: `0 0 ${tokens.spacingVerticalS}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
});

export interface SectionLinksProps {
  /** By the id of what each leads to, in the order of the page. */
  readonly sections: readonly (readonly [id: string, title: string])[];
}

export function SectionLinks({ sections }: SectionLinksProps) {
  const say = useWords();
  const styles = useStyles();
  return (
    <nav aria-label={say('sections.title')}>
      <ul className={styles.list}>
        {sections.map(([id, title]) => (
          <li key={id}>
            <Link
              href={`#${id}`}
              onClick={(event) => {
                // The address stays: it is of the page, and what is typed is asked about when it changes.
                event.preventDefault();
                const section = document.getElementById(id);
                section?.focus();
                section?.scrollIntoView();
              }}
            >
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
