/** German: the restore page. */

import type { restoreEn } from '../en/restore.ts';
import type { TranslationOf } from '../text.ts';

export const restoreDe = {
  'restore.hello': 'Hallo {name}. Sehen wir nach, was Sie vorher hatten',
  'restore.looking': 'Ihre Sicherungen werden gesucht',
  'restore.nothingYet': 'Es wurde noch nichts geändert.',
  'restore.choose': 'Ihre Einstellungen und Apps übernehmen?',
  'restore.chooseLead': 'Wählen Sie das Gerät, dem dieser PC gleichen soll.',
  'restore.recommended': 'Empfohlen',
  'restore.whyRecommended': 'Ihre neueste vollständige Sicherung.',
  'restore.new': 'Als neuen PC einrichten',
  'restore.newNote': 'Neu beginnen. Ihre Sicherungen bleiben; Sie können später in den Einstellungen wiederherstellen.',
  'restore.more': 'Weitere Optionen',
  'restore.continue': 'Weiter',
  'restore.undoNote': {
    one: 'Bis zum Desktop ändert sich nichts. Sie können {n} Tag lang alles rückgängig machen.',
    other: 'Bis zum Desktop ändert sich nichts. Sie können {n} Tage lang alles rückgängig machen.',
  },
  'restore.pick': 'Wählen Sie, was übernommen wird',
  'restore.point': 'Zeitpunkt',
  'restore.now': 'Jetzt',
  'restore.will': 'Danach',
  'restore.sum': '{settings} und {apps} werden übernommen',
  'restore.same': {
    one: '{n} Einstellung ist auf diesem PC bereits gleich',
    other: '{n} Einstellungen sind auf diesem PC bereits gleich',
  },
  'restore.leftOut': 'Von Ihnen ausgelassen',
  'restore.running': 'Ihre Sachen werden übernommen',
  'restore.left': { one: 'Noch etwa {n} Minute', other: 'Noch etwa {n} Minuten' },
  'restore.useNow': 'PC jetzt benutzen',
  'restore.pause': 'Anhalten',
  'restore.done': 'Willkommen zurück, {name}',
  'restore.notBrought': {
    one: '{n} Element konnte nicht übernommen werden',
    other: '{n} Elemente konnten nicht übernommen werden',
  },
  'restore.undo': 'Alles rückgängig machen',
  'restore.all': { one: '{n} Element ansehen', other: 'Alle {n} Elemente ansehen' },
  'restore.desktop': 'Zum Desktop',
  'restore.none': 'Noch keine Sicherungen',
  'blocked.access': 'Sie haben darauf keinen Zugriff',
  'blocked.here': 'Von hier aus ist der Zugriff nicht möglich',
  'blocked.safe': 'Ihre Sicherung ist sicher.',
  'blocked.can': 'Was Sie tun können',
  'blocked.details': 'Angaben für Ihre IT',
  'blocked.copy': 'Angaben für die IT kopieren',
} as const satisfies TranslationOf<typeof restoreEn>;
