/**
 * The restore as it stands now, asked for again and again: often while something moves, seldom otherwise.
 *
 * What was known stays while the agent does not answer; the next try is known, so that the page can count down to it.
 */

import type { RestoreView } from '@carryover/model/local-pages';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { useLanguage } from '../shared/words/language.tsx';
import { isEnded, type RestoreClient } from './restore-client.ts';
import { lookAgainAfterMs } from './stage.ts';

const TRY_AGAIN_MS = 5_000;

export interface Restore {
  readonly view: RestoreView | undefined;
  /** Why the last asking did not work; undefined when it did. */
  readonly error: Error | null;
  /** When the agent last answered, and when it is asked next after a failure; epoch milliseconds. */
  readonly asOf: number;
  readonly nextTryAt: number;
  readonly isAsking: boolean;
  readonly refresh: () => Promise<void>;
}

export function useRestore(client: RestoreClient, isOver: boolean): Restore {
  const { language } = useLanguage();
  const { data, error, dataUpdatedAt, errorUpdatedAt, isFetching, refetch } = useQuery({
    queryKey: ['restore', language],
    queryFn: ({ signal }) => client.view(language, signal),
    enabled: !isOver,
    staleTime: 0,
    placeholderData: keepPreviousData,
    refetchIntervalInBackground: true,
    // The next try is in our hands, with a visible count-down; the browser's own idea of "online" says nothing of loopback.
    networkMode: 'always',
    refetchInterval: ({ state }) => {
      if (isEnded(state.error)) return false;
      return state.error === null ? lookAgainAfterMs(state.data?.stage) : TRY_AGAIN_MS;
    },
  });
  const refresh = useCallback(async () => void (await refetch()), [refetch]);
  return {
    view: data,
    error,
    asOf: dataUpdatedAt,
    nextTryAt: errorUpdatedAt + TRY_AGAIN_MS,
    isAsking: isFetching,
    refresh,
  };
}

export interface Act {
  /** Does one thing that the person asked for; then looks how it stands. */
  readonly run: (work: () => Promise<void>) => Promise<void>;
  readonly isBusy: boolean;
  readonly error: Error | undefined;
}

export function useAct(refresh: () => Promise<void>): Act {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const run = useCallback(
    async (work: () => Promise<void>) => {
      setBusy(true);
      setError(undefined);
      try {
        await work();
        await refresh();
      } catch (cause) {
        setError(cause instanceof Error ? cause : new Error(String(cause)));
      } finally {
        setBusy(false);
      }
    },
    [refresh],
  );
  return { run, isBusy, error };
}
