/** What the categories are called wherever there is little room: on a terminal, in the sentence of a reason. Pure. */

import type { Language } from './reasons.ts';
import type { Category } from './setting.ts';

export const CATEGORY_TITLES: Readonly<Record<Category, Readonly<Record<Language, string>>>> = {
  accessibility: { en: 'Accessibility', de: 'Barrierefreiheit' },
  accounts: { en: 'Accounts, Wi-Fi and passwords', de: 'Konten, WLAN und Kennwörter' },
  personalization: { en: 'Personalization', de: 'Personalisierung' },
  language: { en: 'Language and dictionary', de: 'Sprache und Wörterbuch' },
  other: { en: 'Other settings', de: 'Weitere Einstellungen' },
  apps: { en: 'Apps', de: 'Apps' },
};
