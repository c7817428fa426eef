/** Doing what the person asked for, once at a time, and saying why when it did not work. */

import { useCallback, useState } from 'react';

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
