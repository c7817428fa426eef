/** What the pieces that all pages share say. */

import { sharedDe } from './de/shared.ts';
import { sharedEn } from './en/shared.ts';
import { wordsHook } from './use-words.ts';

export const useWords = wordsHook<typeof sharedEn>({ en: sharedEn, de: sharedDe });
