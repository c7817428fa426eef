/**
 * The settings as they stand, asked for again and again: often while a backup runs, seldom otherwise.
 *
 * What was known stays on the page while the agent does not answer.
 */

import type { SettingsView } from '@carryover/model/local-pages';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import { isEnded } from '../shared/local-client.ts';
import { useLanguage } from '../shared/words/language.tsx';
import type { SettingsClient } from './settings-client.ts';

const MOVING_MS = 500;
const RESTING_MS = 5_000;

export interface Settings {
  readonly view: SettingsView | undefined;
  /** Why the last asking did not work; null when it did. */
  readonly error: Error | null;
  readonly refresh: () => Promise<void>;
}

export function useSettings(client: SettingsClient): Settings {
  const { language } = useLanguage();
  const { data, error, refetch } = useQuery({
    queryKey: ['settings', language],
    queryFn: ({ signal }) => client.view(language, signal),
    staleTime: 0,
    placeholderData: keepPreviousData,
    // The browser's own idea of "online" says nothing of an agent on this PC.
    networkMode: 'always',
    refetchInterval: ({ state }) => {
      if (isEnded(state.error)) return false;
      return state.data?.backup.running === undefined ? RESTING_MS : MOVING_MS;
    },
  });
  const refresh = useCallback(async () => void (await refetch()), [refetch]);
  return { view: data, error, refresh };
}

export interface Act {
  /** Does what the person asked for; then looks how it stands. */
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
