/** German: the admin center. */

import type { adminEn } from '../en/admin.ts';
import type { TranslationOf } from '../text.ts';

export const adminDe = {
  'admin.title': 'Carryover Admin Center',
  'admin.home': 'Bereit für neue PCs',
  'admin.ready': 'Wer heute einen neuen PC bekommen könnte',
  'admin.needs': 'Braucht Sie',
  'admin.proof': 'Nachweis, dass es funktioniert',
  'coverage.protected': 'Rechtzeitig gesichert',
  'coverage.stale': 'Überfällig',
  'coverage.failing': 'Fehlerhaft',
  'coverage.ineligible': 'Nicht geeignet',
  'coverage.off': 'Nicht eingeschaltet',
  'outcome.notApplicable': 'Nicht zutreffend',
  'outcome.noPolicy': 'Keine Richtlinie zugewiesen',
  'outcome.succeeded': 'Erfolgreich',
  'outcome.failed': 'Fehlgeschlagen',
  'outcome.noProfiles': 'Keine Sicherungsprofile',
  'outcome.setUpAsNew': 'Als neuer PC eingerichtet',
  'policy.preview': 'Vor dem Speichern',
  'policy.save': { one: '{n} Änderung speichern', other: '{n} Änderungen speichern' },
  'enroll.show': 'Wiederherstellungsseite anzeigen',
  'enroll.once': {
    one: 'Wird einmal gelesen, bei der Registrierung. {n} registriertes Gerät behält seinen Stand.',
    other: 'Wird einmal gelesen, bei der Registrierung. {n} registrierte Geräte behalten ihren Stand.',
  },
} as const satisfies TranslationOf<typeof adminEn>;
