/** What stands where a list would: that there is nothing yet, or nothing that was looked for, and the way out. */

import { Button } from '@fluentui/react-components';
import { useWords } from '../../shared/words/admin-pages.ts';
import { usePageStyles } from './use-page-styles.ts';

export interface EmptyListProps {
  /** That nothing is there, or that nothing matches. */
  readonly title: string;
  /** What to do when nothing is there at all. */
  readonly next: string;
  /** What was looked for; undefined when the whole list is empty. */
  readonly search: string | undefined;
  readonly onSearch: (search: undefined) => void;
}

export function EmptyList({ title, next, search, onSearch }: EmptyListProps) {
  const say = useWords();
  const styles = usePageStyles();
  return (
    <div className={styles.card}>
      <h2 className={styles.heading}>{title}</h2>
      {search === undefined ? (
        <p className={styles.plain}>{next}</p>
      ) : (
        <div>
          <Button onClick={() => onSearch(undefined)}>{say('deviceList.clear')}</Button>
        </div>
      )}
    </div>
  );
}
