/** The words of one page in the language it speaks now; each page's file beside this one chooses its sections. */

import type { Language } from '@carryover/model/reasons';
import { useMemo } from 'react';
import { useLanguage } from './language.tsx';
import { type Say, type Section, sayIn, type TranslationOf } from './text.ts';

/** One or more sections of the catalog, in both languages. */
export type Catalog<S extends Section> = Readonly<Record<Language, TranslationOf<S>>>;

/** Makes the hook that a page calls to speak: `const say = useWords(); say('common.close')`. */
export function wordsHook<S extends Section>(catalog: Catalog<S>): () => Say<S> {
  return () => {
    const { language } = useLanguage();
    return useMemo(() => sayIn<S>(language, catalog[language]), [language]);
  };
}
