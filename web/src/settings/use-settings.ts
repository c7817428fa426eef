/**
 * The settings as they stand, asked for again and again: often while a backup runs, seldom otherwise.
 *
 * What was known stays on the page while the agent does not answer.
 */

import type { SettingsView } from '@carryover/model/local-pages';
import { isEnded } from '../shared/local-client.ts';
import { useAnswer } from '../shared/use-answer.ts';
import { useLanguage } from '../shared/words/language.tsx';
import type { SettingsClient } from './settings-client.ts';

const MOVING_MS = 500;
/** While nothing moves, and before the next try; the page counts on it when it says when that is. */
export const RESTING_MS = 5_000;

export interface Settings {
  readonly view: SettingsView | undefined;
  /** Why the last asking did not work; undefined when it did. */
  readonly error: Error | undefined;
  readonly refresh: () => Promise<void>;
}

export function useSettings(client: SettingsClient): Settings {
  const { language } = useLanguage();
  const { value, error, refresh } = useAnswer({
    key: language,
    ask: (signal) => client.view(language, signal),
    againAfterMs: (last) => {
      if (isEnded(last.error)) return undefined;
      return last.value?.backup.running === undefined ? RESTING_MS : MOVING_MS;
    },
  });
  return { view: value, error, refresh };
}
