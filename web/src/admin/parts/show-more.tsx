/** The way to the next page of a list that is fetched page by page; nothing when all is there. */

import { Button } from '@fluentui/react-components';
import type { UseInfiniteQueryResult } from '@tanstack/react-query';
import { useWords } from '../../shared/words/admin-pages.ts';

export interface ShowMoreProps {
  readonly list: Pick<UseInfiniteQueryResult, 'hasNextPage' | 'isFetchingNextPage' | 'fetchNextPage'>;
}

export function ShowMore({ list: { hasNextPage, isFetchingNextPage, fetchNextPage } }: ShowMoreProps) {
  const say = useWords();
  if (!hasNextPage) return null;
  return (
    <div>
      <Button disabledFocusable={isFetchingNextPage} onClick={() => void fetchNextPage()}>
        {say('page.showMore')}
      </Button>
    </div>
  );
}
