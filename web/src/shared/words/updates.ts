/** What the restore page says of quality updates; both languages, because few ever see it and it comes late. */

import { updatesDe } from './de/updates.ts';
import { updatesEn } from './en/updates.ts';
import { wordsHook } from './use-words.ts';

export const useWords = wordsHook<typeof updatesEn>({ en: updatesEn, de: updatesDe });
