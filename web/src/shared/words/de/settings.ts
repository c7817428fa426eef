/** German: the settings page. */

import type { settingsEn } from '../en/settings.ts';
import type { TranslationOf } from '../text.ts';

export const settingsDe = {
  'settings.accounts': 'Konten',
  'settings.title': 'Windows-Sicherung',
  'settings.ok': 'Ihre Einstellungen sind gesichert',
  'settings.off': 'Sicherung ist auf diesem PC aus',
  'settings.next': 'Nächste von selbst bis {date}.',
  'settings.now': 'Jetzt sichern',
  'settings.apps': 'Meine Apps merken',
  'settings.preferences': 'Meine Einstellungen merken',
  'settings.managed': 'Von {org} verwaltet',
  'settings.suggestedOff': 'Von Ihrer Organisation vorgeschlagen: aus. Sie können es einschalten',
  'settings.whyOff': 'Warum Sie das nicht einschalten können:',
  'settings.ask': 'IT um Einschalten bitten',
  'settings.again': 'Erneut prüfen',
} as const satisfies TranslationOf<typeof settingsEn>;
