/** What the pages of the admin center say: their own sentences, the admin center's and those that all pages share. */

import { adminDe } from './de/admin.ts';
import { adminPagesDe } from './de/admin-pages.ts';
import { sharedDe } from './de/shared.ts';
import { adminEn } from './en/admin.ts';
import { adminPagesEn } from './en/admin-pages.ts';
import { sharedEn } from './en/shared.ts';
import { wordsHook } from './use-words.ts';

const en = { ...sharedEn, ...adminEn, ...adminPagesEn };

export const useWords = wordsHook<typeof en>({ en, de: { ...sharedDe, ...adminDe, ...adminPagesDe } });
