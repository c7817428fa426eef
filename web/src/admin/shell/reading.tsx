/**
 * Shows what was read last: a stand-in while nothing is known, the trouble when nothing could be read, and what is known
 * with "as of" while the service cannot be reached.
 */

import { makeStyles } from '@fluentui/react-components';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { StateText } from '../../shared/state-text.tsx';
import { tokens } from '../../shared/theme.ts';
import { Waiting } from '../../shared/waiting.tsx';
import { timeOf } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { Trouble } from './trouble.tsx';

const useStyles = makeStyles({
  asOf: { margin: `0 0 ${tokens.spacingVerticalM}`, color: tokens.colorNeutralForeground2 },
});

export interface ReadingProps<Data> {
  readonly of: UseQueryResult<Data>;
  /** Rows of the stand-in. */
  readonly rows: number;
  readonly children: (data: Data) => ReactNode;
}

export function Reading<Data>({ of: query, rows, children }: ReadingProps<Data>) {
  const say = useWords();
  const styles = useStyles();
  const { language } = useLanguage();
  if (query.data === undefined) {
    if (query.error !== null) return <Trouble error={query.error} onAgain={() => void query.refetch()} />;
    return <Waiting rows={rows} />;
  }
  return (
    <>
      {query.error === null ? null : (
        <p className={styles.asOf} role="status">
          <StateText state="waiting">
            {say('reach.asOf', { time: timeOf(new Date(query.dataUpdatedAt).toISOString(), { language }) })}
          </StateText>
        </p>
      )}
      {children(query.data)}
    </>
  );
}
