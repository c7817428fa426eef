/** The restore page's words, spoken without a page. */

import type { Language } from '@carryover/model/reasons';
import type { RestoreSay } from '../src/restore/speech.ts';
import { restoreDe } from '../src/shared/words/de/restore.ts';
import { sharedDe } from '../src/shared/words/de/shared.ts';
import { restoreEn } from '../src/shared/words/en/restore.ts';
import { sharedEn } from '../src/shared/words/en/shared.ts';
import { sayIn } from '../src/shared/words/text.ts';

const EN = { ...sharedEn, ...restoreEn };
const DE = { ...sharedDe, ...restoreDe };

export function sayFor(language: Language): RestoreSay {
  return sayIn<typeof EN>(language, language === 'de' ? DE : EN);
}
