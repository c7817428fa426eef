/** What the pages of policies say: their own sentences and all that the admin center's pages have. */

import { adminDe } from './de/admin.ts';
import { adminPagesDe } from './de/admin-pages.ts';
import { adminPoliciesDe } from './de/admin-policies.ts';
import { sharedDe } from './de/shared.ts';
import { adminEn } from './en/admin.ts';
import { adminPagesEn } from './en/admin-pages.ts';
import { adminPoliciesEn } from './en/admin-policies.ts';
import { sharedEn } from './en/shared.ts';
import type { Say } from './text.ts';
import { wordsHook } from './use-words.ts';

const en = { ...sharedEn, ...adminEn, ...adminPagesEn, ...adminPoliciesEn };

export type PolicyWords = Say<typeof en>;

export const useWords = wordsHook<typeof en>({
  en,
  de: { ...sharedDe, ...adminDe, ...adminPagesDe, ...adminPoliciesDe },
});
