/**
 * What the restore page says: its own sentences and those that all pages share.
 *
 * A language is fetched when it is spoken: the other one would be a tenth of all that the page's first content needs.
 */

import type { Language } from '@carryover/model/reasons';
import { useMemo } from 'react';
import type { restoreEn } from './en/restore.ts';
import type { sharedEn } from './en/shared.ts';
import { useLanguage } from './language.tsx';
import { type Say, sayIn, type TranslationOf } from './text.ts';

type Words = typeof sharedEn & typeof restoreEn;

const FETCH: Readonly<Record<Language, () => Promise<TranslationOf<Words>>>> = {
  async en() {
    const [{ restoreEn }, { sharedEn }] = await Promise.all([import('./en/restore.ts'), import('./en/shared.ts')]);
    return { ...sharedEn, ...restoreEn };
  },
  async de() {
    const [{ restoreDe }, { sharedDe }] = await Promise.all([import('./de/restore.ts'), import('./de/shared.ts')]);
    return { ...sharedDe, ...restoreDe };
  },
};

const fetched = new Map<Language, TranslationOf<Words>>();

/** To be awaited before a page speaks `language`. Errors: the browser's, when the words cannot be fetched. */
export async function fetchWords(language: Language): Promise<void> {
  if (!fetched.has(language)) fetched.set(language, await FETCH[language]());
}

/** Errors: Error when the words were not fetched before. */
export function useWords(): Say<Words> {
  const { language } = useLanguage();
  return useMemo(() => {
    const words = fetched.get(language);
    if (words === undefined) throw new Error(`The words of "${language}" were not fetched`);
    return sayIn<Words>(language, words);
  }, [language]);
}
