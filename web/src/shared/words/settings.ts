/** What the settings page says: its own sentences and those that all pages share. */

import { settingsDe } from './de/settings.ts';
import { sharedDe } from './de/shared.ts';
import { settingsEn } from './en/settings.ts';
import { sharedEn } from './en/shared.ts';
import { wordsHook } from './use-words.ts';

const en = { ...sharedEn, ...settingsEn };

export const useWords = wordsHook<typeof en>({ en, de: { ...sharedDe, ...settingsDe } });
