/**
 * The restore as it stands now, asked for again and again: often while something moves, seldom otherwise.
 *
 * What was known stays while the agent does not answer; the next try is known, so that the page can count down to it.
 */

import type { RestoreView } from '@carryover/model/local-pages';
import { isEnded } from '../shared/local-client.ts';
import { useAnswer } from '../shared/use-answer.ts';
import { useLanguage } from '../shared/words/language.tsx';
import type { RestoreClient } from './restore-client.ts';
import { lookAgainAfterMs } from './stage.ts';

const TRY_AGAIN_MS = 5_000;

export interface Restore {
  readonly view: RestoreView | undefined;
  /** Why the last asking did not work; undefined when it did. */
  readonly error: Error | undefined;
  /** When the agent last answered, and when it is asked next after a failure; epoch milliseconds. */
  readonly asOf: number;
  readonly nextTryAt: number;
  readonly isAsking: boolean;
  readonly refresh: () => Promise<void>;
}

export function useRestore(client: RestoreClient, isOver: boolean): Restore {
  const { language } = useLanguage();
  const { value, error, answeredAt, failedAt, isAsking, refresh } = useAnswer({
    key: language,
    ask: (signal) => client.view(language, signal),
    isOn: !isOver,
    againAfterMs: (last) => {
      if (isEnded(last.error)) return undefined;
      return last.error === undefined ? lookAgainAfterMs(last.value?.stage) : TRY_AGAIN_MS;
    },
  });
  return { view: value, error, asOf: answeredAt, nextTryAt: failedAt + TRY_AGAIN_MS, isAsking, refresh };
}
