/**
 * Which language a page speaks: the one asked for (`?lang=de`), else the one chosen here before, else the browser's.
 *
 * A choice is kept in the browser and changes the page at once.
 */

import type { Language } from '@carryover/model/reasons';
import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from 'react';

const KEPT_AS = 'carryover.language';

export const LANGUAGES: readonly { readonly id: Language; readonly name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'de', name: 'Deutsch' },
];

/** The first of `wishes` (language tags, best first) that we speak; English when there is none. */
export function languageFrom(wishes: readonly (string | null | undefined)[]): Language {
  const known = wishes
    .map((wish) => wish?.toLowerCase().split('-')[0])
    .find((wish) => LANGUAGES.some(({ id }) => id === wish));
  return known === 'de' ? 'de' : 'en';
}

/** The language to start in. */
export function startLanguage(): Language {
  const asked = new URLSearchParams(window.location.search).get('lang');
  return languageFrom([asked, kept(), ...window.navigator.languages]);
}

interface Spoken {
  readonly language: Language;
  readonly chooseLanguage: (language: Language) => void;
}

const LanguageContext = createContext<Spoken>({ language: 'en', chooseLanguage: () => {} });

export function LanguageProvider({ start, children }: { readonly start: Language; readonly children: ReactNode }) {
  const [language, setLanguage] = useState(start);
  useEffect(() => {
    document.documentElement.lang = language;
  }, [language]);
  const spoken = useMemo<Spoken>(
    () => ({
      language,
      chooseLanguage: (chosen) => {
        keep(chosen);
        setLanguage(chosen);
      },
    }),
    [language],
  );
  return <LanguageContext value={spoken}>{children}</LanguageContext>;
}

export function useLanguage(): Spoken {
  return useContext(LanguageContext);
}

/** A browser may refuse to keep anything; then the choice lasts as long as the page. */
function kept(): string | null {
  try {
    return window.localStorage.getItem(KEPT_AS);
  } catch {
    return null;
  }
}

function keep(language: Language): void {
  try {
    window.localStorage.setItem(KEPT_AS, language);
  } catch {
    // As above: it is not kept.
  }
}
