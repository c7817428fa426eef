/** Qualitätsupdates auf der Wiederherstellungsseite. Names and promises: en/updates.ts. */

import type { updatesEn } from '../en/updates.ts';
import type { TranslationOf } from '../text.ts';

export const updatesDe: TranslationOf<typeof updatesEn> = {
  'updates.title': 'Qualitätsupdates',
  'updates.lead': '{org} lässt Sie die Qualitätsupdates dieses PCs hier installieren. Neu gestartet wird nicht.',
  'updates.leadWindows':
    '{org} lässt Sie die Qualitätsupdates dieses PCs installieren. Dafür öffnet sich Windows Update.',
  'updates.yourOrg': 'Ihre Organisation',
  'updates.install': 'Qualitätsupdates installieren',
  'updates.open': 'Windows Update öffnen',
  'updates.looking': 'Qualitätsupdates werden gesucht…',
  'updates.installing': 'Qualitätsupdates werden installiert. Das kann dauern…',
  'updates.installingHow': 'Es geht weiter, auch wenn Sie dieses Fenster schließen.',
  'updates.none': 'Es liegen keine Qualitätsupdates vor.',
  'updates.noneHow': 'Dieser PC braucht eine neuere Ausgabe seines Systems. Fragen Sie Ihre IT.',
  'updates.installed': 'Die Qualitätsupdates sind installiert.',
  'updates.installedHow':
    'Sie reichen nicht: Dieser PC braucht eine neuere Ausgabe seines Systems. Fragen Sie Ihre IT.',
  'updates.restart': 'Die Qualitätsupdates sind installiert.',
  'updates.restartHow':
    'Starten Sie diesen PC neu und öffnen Sie diese Seite wieder. Sie prüft dann von selbst erneut.',
  'updates.opened': 'Windows Update ist offen.',
  'updates.openedHow':
    'Installieren Sie dort, was es findet, starten Sie neu, wenn es das sagt, und wählen Sie hier Erneut versuchen.',
  'updates.failed': 'Die Qualitätsupdates konnten nicht installiert werden.',
};
