/**
 * Decisions in words: what each is called, what a value of it means, who took it, and why not the other.
 *
 * The same on every surface. A member, source or reason of a newer service shows as it is spelled there.
 *
 * Pure. Source: product.md P4; the words of policy-definitions.ts.
 */

import { CATEGORY_TITLES } from './category-titles.ts';
import type { Origin, PolicySource } from './policy.ts';
import type { Because } from './policy-explain.ts';
import type { DecisionMember } from './policy-merge.ts';
import type { Language } from './reasons.ts';
import { CATEGORIES, type Category, type Title } from './setting.ts';

const TITLES: Readonly<Record<Exclude<DecisionMember, `categories.${Category}`>, Title>> = {
  backupEnabled: { en: 'Backup', de: 'Sicherung' },
  roamingEnabled: { en: 'Roaming', de: 'Roaming' },
  restoreEnabled: { en: 'Restore', de: 'Wiederherstellung' },
  backupIntervalDays: { en: 'Backs up', de: 'Sichert' },
  spreadHours: { en: 'First backups', de: 'Erste Sicherungen' },
  keptSnapshots: { en: 'Points in time', de: 'Zeitpunkte' },
  staleAfterDays: { en: 'Without contact', de: 'Ohne Kontakt' },
  meteredAllowed: { en: 'Metered networks', de: 'Getaktete Netze' },
  imagesAllowed: { en: 'Pictures', de: 'Bilder' },
  secretsAllowed: { en: 'Wi-Fi keys and secrets', de: 'WLAN-Schlüssel, Geheimnisse' },
  runsCodeAllowed: { en: 'What can start programs', de: 'Was Programme startet' },
  installQualityUpdates: { en: 'Quality updates', de: 'Qualitätsupdates' },
  deviceCodeAllowed: { en: 'Sign-in with a code', de: 'Anmeldung mit Code' },
  allowedAppSources: { en: 'New app sources', de: 'Neue App-Quellen' },
};

/** "Backup", "Accounts, Wi-Fi and passwords": at most 29 characters. */
export function memberTitle(member: string, language: Language): string {
  const category = CATEGORIES.find((one) => member === `categories.${one}`);
  if (category !== undefined) return CATEGORY_TITLES[category][language];
  return Object.hasOwn(TITLES, member) ? TITLES[member as keyof typeof TITLES][language] : member;
}

/** "every 4 days", "Off, locked", "Off, people may turn it on". */
export function valueWords(member: string, value: unknown, language: Language): string {
  const words = WORDS[language];
  const isCategory = member.startsWith('categories.');
  if (isCategory && typeof value === 'string' && Object.hasOwn(words.rules, value))
    return words.rules[value as keyof typeof words.rules];
  if (typeof value === 'boolean') {
    const [yes, no] = isSwitch(member)
      ? words.onOff
      : member === 'installQualityUpdates'
        ? words.offered
        : words.allowed;
    return value ? yes : no;
  }
  if (typeof value === 'number' && Object.hasOwn(words.counts, member)) {
    const [one, many] = words.counts[member as keyof typeof words.counts];
    return value === 1 ? one : many.replace('{count}', String(value));
  }
  if (Array.isArray(value)) return value.length === 0 ? words.noSources : value.join(', ');
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
}

/** `"Backup, all staff" (service)`. */
export function originWords({ source, policy }: Origin, language: Language): string {
  const kind = Object.hasOwn(SOURCES, source) ? SOURCES[source][language] : source;
  const [open, close] = WORDS[language].quotes;
  return `${open}${policy}${close} (${kind})`;
}

/** Why another document did not decide, e.g. "another one is stricter". */
export function becauseWords(because: Because, language: Language): string {
  return Object.hasOwn(BECAUSE, because) ? BECAUSE[because][language] : because;
}

const SOURCES: Readonly<Record<PolicySource, Title>> = {
  service: { en: 'service', de: 'Dienst' },
  groupPolicy: { en: 'Group Policy', de: 'Gruppenrichtlinie' },
  policyFile: { en: 'policy file', de: 'Richtliniendatei' },
  dconf: { en: 'locked in dconf', de: 'in dconf gesperrt' },
};

const BECAUSE: Readonly<Record<Because, Title>> = {
  stricter: { en: 'another one is stricter', de: 'eine andere ist strenger' },
  same: { en: 'says the same', de: 'besagt dasselbe' },
  notAssigned: { en: 'not assigned to this PC or person', de: 'diesem PC oder dieser Person nicht zugewiesen' },
  excluded: {
    en: 'a group with this PC or person is excluded',
    de: 'eine Gruppe mit diesem PC oder dieser Person ist ausgenommen',
  },
};

const SWITCHES: readonly string[] = ['backupEnabled', 'roamingEnabled', 'restoreEnabled'] satisfies DecisionMember[];

function isSwitch(member: string): boolean {
  return SWITCHES.includes(member);
}

const WORDS = {
  en: {
    rules: { on: 'On, people may turn it off', off: 'Off, people may turn it on', locked: 'Off, locked' },
    onOff: ['On', 'Off'],
    allowed: ['Allowed', 'Not allowed'],
    offered: ['Offered', 'Not offered'],
    counts: {
      backupIntervalDays: ['every day', 'every {count} days'],
      spreadHours: ['spread over 1 hour', 'spread over {count} hours'],
      keptSnapshots: ['only the newest is kept', 'the newest {count} are kept'],
      staleAfterDays: ['stops after 1 day', 'stops after {count} days'],
    },
    noSources: 'none',
    quotes: ['"', '"'],
  },
  de: {
    rules: { on: 'Ein, kann ausgeschaltet werden', off: 'Aus, kann eingeschaltet werden', locked: 'Aus, gesperrt' },
    onOff: ['Ein', 'Aus'],
    allowed: ['Erlaubt', 'Nicht erlaubt'],
    offered: ['Angeboten', 'Nicht angeboten'],
    counts: {
      backupIntervalDays: ['jeden Tag', 'alle {count} Tage'],
      spreadHours: ['über 1 Stunde verteilt', 'über {count} Stunden verteilt'],
      keptSnapshots: ['nur der neueste bleibt', 'die neuesten {count} bleiben'],
      staleAfterDays: ['hält nach 1 Tag an', 'hält nach {count} Tagen an'],
    },
    noSources: 'keine',
    quotes: ['„', '“'],
  },
} as const;
