/** What the restore page says: its own sentences and those that all pages share. */

import { restoreDe } from './de/restore.ts';
import { sharedDe } from './de/shared.ts';
import { restoreEn } from './en/restore.ts';
import { sharedEn } from './en/shared.ts';
import { wordsHook } from './use-words.ts';

const en = { ...sharedEn, ...restoreEn };

export const useWords = wordsHook<typeof en>({ en, de: { ...sharedDe, ...restoreDe } });
