/** What the admin center says: its own sentences and those that all pages share. */

import { adminDe } from './de/admin.ts';
import { sharedDe } from './de/shared.ts';
import { adminEn } from './en/admin.ts';
import { sharedEn } from './en/shared.ts';
import { wordsHook } from './use-words.ts';

const en = { ...sharedEn, ...adminEn };

export const useWords = wordsHook<typeof en>({ en, de: { ...sharedDe, ...adminDe } });
