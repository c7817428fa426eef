/**
 * The policies that this product knows: Microsoft's by their own names, and its own beside them.
 *
 * Each has one meaning here and five spellings elsewhere: a settings catalog definition, an OMA-URI, a registry value, a
 * line of a policy file, a key of dconf. What a value decides is written once, in `decides`; nothing else knows a policy by name.
 *
 * Three of Microsoft's (app sync, desktop theme, Start) have no effect there either, by its own documentation: they are
 * known, kept, and said to do nothing.
 *
 * Pure data. Source: microsoft-facts.md 2.1 to 2.4, graph-api.md 4; ids marked [I] there are made by the same pattern.
 */

import type { Decisions } from './policy.ts';
import type { Category, Title } from './setting.ts';

/**
 * switch: true is Enabled, false is Disabled. limit: a "Do not sync …" as the rule that it makes of a category: on is
 * Disabled, off and locked are Enabled with and without "Allow users to turn it on". number, list: Carryover's own.
 */
export type PolicyKind = 'switch' | 'limit' | 'number' | 'list';
export type PolicyValue = boolean | number | readonly string[] | LimitValue;
export type LimitValue = 'on' | 'off' | 'locked';
export const LIMIT_VALUES = ['on', 'off', 'locked'] as const satisfies readonly LimitValue[];

export const POLICY_CATEGORIES = ['backup', 'remember', 'restore', 'windows', 'carryover'] as const;
/** A shelf of the settings catalog, see POLICY_CATEGORY_TITLES. */
export type PolicyCategory = (typeof POLICY_CATEGORIES)[number];

export interface PolicyDefinition {
  /** As Microsoft spells it, e.g. "EnableWindowsBackup"; the name of the registry value and of the line in a policy file. */
  readonly name: string;
  readonly title: Title;
  /** What it does, in one sentence. */
  readonly explanation: Title;
  readonly category: PolicyCategory;
  readonly kind: PolicyKind;
  /** Bounds of a number, inclusive, with its unit. */
  readonly range?: { readonly from: number; readonly to: number; readonly unit: 'days' | 'hours' | 'snapshots' };
  /** Id in the settings catalog; the ids of its options begin with it. */
  readonly definitionId: string;
  readonly omaUri: string;
  /** Below HKLM; the value's name is `name` unless given. */
  readonly registry: { readonly key: string; readonly value?: string };
  /** What a value means. Empty: it has no effect here. */
  readonly decides: (value: PolicyValue) => Decisions | Blocking;
}

/** A policy that keeps Windows from backing up while it is Disabled. */
export interface Blocking {
  readonly blocks: boolean;
}

const SETTING_SYNC = 'Software\\Policies\\Microsoft\\Windows\\SettingSync';
const SYSTEM = 'Software\\Policies\\Microsoft\\Windows\\System';
const CARRYOVER = 'Software\\Policies\\Carryover';

/** Registry value that holds "Allow users to turn it on": 1 when they may not. Source: microsoft-facts.md 2.3. */
export function overrideValueOf({ name }: PolicyDefinition): string {
  return `${name}UserOverride`;
}

/** Key below DCONF_FOLDER: "EnableWindowsBackup" -> "enable-windows-backup", "EnableCDP" -> "enable-cdp". */
export function dconfKeyOf(policy: string): string {
  return policy.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

/** Where an administrator locks policies in dconf. */
export const DCONF_FOLDER = '/org/carryover/policy/';

type Csp = Pick<PolicyDefinition, 'definitionId' | 'omaUri'>;

/** A node of the Policy CSP, e.g. csp('SettingsSync', 'EnableWindowsBackup'). */
function csp(area: string, name: string): Csp {
  return {
    definitionId: `device_vendor_msft_policy_config_${area}_${name}`.toLowerCase(),
    omaUri: `./Device/Vendor/MSFT/Policy/Config/${area}/${name}`,
  };
}

type Words = Pick<PolicyDefinition, 'title' | 'explanation'>;

function limit(area: string, name: string, categories: readonly Category[], words: Words): PolicyDefinition {
  return {
    name,
    ...words,
    category: 'remember',
    kind: 'limit',
    ...csp(area, name),
    registry: { key: SETTING_SYNC },
    decides: (value) => ({
      categories: Object.fromEntries(categories.map((category) => [category, value])) as Decisions['categories'],
    }),
  };
}

function blocker(area: string, name: string, registry: PolicyDefinition['registry'], words: Words): PolicyDefinition {
  return {
    name,
    ...words,
    category: 'windows',
    kind: 'switch',
    ...csp(area, name),
    registry,
    decides: (value) => ({ blocks: value === false }),
  };
}

type Own = Words & Pick<PolicyDefinition, 'name' | 'kind' | 'range' | 'decides'>;

/** Of Carryover itself. */
function own(definition: Own): PolicyDefinition {
  const { name } = definition;
  return {
    ...definition,
    category: 'carryover',
    definitionId: `carryover_policy_config_${name}`.toLowerCase(),
    omaUri: `./Device/Vendor/Carryover/Policy/Config/${name}`,
    registry: { key: CARRYOVER },
  };
}

const BLOCKS: Title = {
  en: 'Not a policy of Carryover. Windows backs up nothing while it is Disabled.',
  de: 'Keine Richtlinie von Carryover. Windows sichert nichts, solange sie deaktiviert ist.',
};
const NO_EFFECT: Title = {
  en: 'Has no effect: nothing of this kind is kept.',
  de: 'Ohne Wirkung: Nichts dieser Art wird gesichert.',
};

const PREFERENCES = ['accessibility', 'accounts', 'personalization', 'language', 'other'] as const;

export const POLICIES: readonly PolicyDefinition[] = [
  {
    name: 'EnableWindowsBackup',
    title: { en: 'Enable Windows Backup', de: 'Windows-Sicherung aktivieren' },
    explanation: {
      en: 'Settings and the list of apps are backed up by themselves. Off unless enabled.',
      de: 'Einstellungen und App-Liste werden von selbst gesichert. Aus, solange nicht aktiviert.',
    },
    category: 'backup',
    kind: 'switch',
    ...csp('SettingsSync', 'EnableWindowsBackup'),
    registry: { key: SETTING_SYNC },
    decides: (value) => ({ backupEnabled: value === true }),
  },
  {
    name: 'DisableSyncOnPaidNetwork',
    title: { en: 'Do not sync on metered connections', de: 'Nicht über getaktete Verbindungen synchronisieren' },
    explanation: {
      en: 'Backups that run by themselves wait for another network. They do so too while this is not configured.',
      de: 'Sicherungen, die von selbst laufen, warten auf ein anderes Netz. So auch, solange dies nicht konfiguriert ist.',
    },
    category: 'backup',
    kind: 'switch',
    ...csp('ADMX_SettingSync', 'DisableSyncOnPaidNetwork'),
    registry: { key: SETTING_SYNC },
    decides: (value) => ({ meteredAllowed: value === false }),
  },
  limit('ADMX_SettingSync', 'DisableSettingSync', PREFERENCES, {
    title: { en: 'Do not sync', de: 'Nicht synchronisieren' },
    explanation: {
      en: 'Turns off everything under Remember my preferences.',
      de: 'Schaltet alles unter „Meine Einstellungen speichern“ aus.',
    },
  }),
  limit('ADMX_SettingSync', 'DisableApplicationSettingSync', ['apps'], {
    title: { en: 'Do not sync app settings', de: 'App-Einstellungen nicht synchronisieren' },
    explanation: {
      en: 'Turns off Remember my apps. What is stored can still be restored.',
      de: 'Schaltet „Meine Apps merken“ aus. Gespeichertes lässt sich weiter wiederherstellen.',
    },
  }),
  limit('SettingsSync', 'DisableAccessibilitySettingSync', ['accessibility'], {
    title: { en: 'Do not sync accessibility settings', de: 'Einstellungen für Barrierefreiheit nicht synchronisieren' },
    explanation: { en: 'Turns off Accessibility.', de: 'Schaltet „Barrierefreiheit“ aus.' },
  }),
  limit('ADMX_SettingSync', 'DisableCredentialsSettingSync', ['accounts'], {
    title: { en: 'Do not sync passwords', de: 'Kennwörter nicht synchronisieren' },
    explanation: {
      en: 'Turns off Accounts, Wi-Fi networks and passwords.',
      de: 'Schaltet „Konten, WLAN-Netze und Kennwörter“ aus.',
    },
  }),
  limit('ADMX_SettingSync', 'DisablePersonalizationSettingSync', ['personalization'], {
    title: { en: 'Do not sync personalize', de: 'Personalisierung nicht synchronisieren' },
    explanation: { en: 'Turns off Personalization.', de: 'Schaltet „Personalisierung“ aus.' },
  }),
  limit('SettingsSync', 'DisableLanguageSettingSync', ['language'], {
    title: { en: 'Do not sync language preferences settings', de: 'Spracheinstellungen nicht synchronisieren' },
    explanation: {
      en: 'Turns off Language preferences and dictionary.',
      de: 'Schaltet „Spracheinstellungen und Wörterbuch“ aus.',
    },
  }),
  limit('ADMX_SettingSync', 'DisableWindowsSettingSync', ['other'], {
    title: { en: 'Do not sync other Windows settings', de: 'Weitere Windows-Einstellungen nicht synchronisieren' },
    explanation: { en: 'Turns off Other Windows settings.', de: 'Schaltet „Weitere Windows-Einstellungen“ aus.' },
  }),
  limit('ADMX_SettingSync', 'DisableAppSyncSettingSync', [], {
    title: { en: 'Do not sync Apps', de: 'Apps nicht synchronisieren' },
    explanation: NO_EFFECT,
  }),
  limit('ADMX_SettingSync', 'DisableDesktopThemeSettingSync', [], {
    title: { en: 'Do not sync desktop personalization', de: 'Desktopanpassung nicht synchronisieren' },
    explanation: NO_EFFECT,
  }),
  limit('ADMX_SettingSync', 'DisableStartLayoutSettingSync', [], {
    title: { en: 'Do not sync start settings', de: 'Starteinstellungen nicht synchronisieren' },
    explanation: NO_EFFECT,
  }),
  limit('ADMX_SettingSync', 'DisableWebBrowserSettingSync', [], {
    title: { en: 'Do not sync browser settings', de: 'Browsereinstellungen nicht synchronisieren' },
    explanation: NO_EFFECT,
  }),
  {
    name: 'EnableWindowsRestore',
    title: { en: 'Enable Windows Restore', de: 'Windows-Wiederherstellung aktivieren' },
    explanation: {
      en: 'People may restore at the first sign-in on an enrolled PC, and later. Off unless enabled.',
      de: 'Wiederherstellen bei der ersten Anmeldung an einem registrierten PC und später. Aus, solange nicht aktiviert.',
    },
    category: 'restore',
    kind: 'switch',
    definitionId: 'device_vendor_msft_windowsbackupandrestore_enablewindowsrestore',
    omaUri: './Device/Vendor/MSFT/WindowsBackupAndRestore/EnableWindowsRestore',
    registry: { key: SETTING_SYNC },
    decides: (value) => ({ restoreEnabled: value === true }),
  },
  blocker(
    'Privacy',
    'EnableActivityFeed',
    { key: SYSTEM },
    {
      title: { en: 'Enables Activity Feed', de: 'Aktivitätsfeed aktivieren' },
      explanation: BLOCKS,
    },
  ),
  blocker(
    'Privacy',
    'PublishUserActivities',
    { key: SYSTEM },
    {
      title: { en: 'Allow publishing of User Activities', de: 'Veröffentlichen von Benutzeraktivitäten zulassen' },
      explanation: BLOCKS,
    },
  ),
  blocker(
    'Privacy',
    'UploadUserActivities',
    { key: SYSTEM },
    {
      title: { en: 'Allow upload of User Activities', de: 'Hochladen von Benutzeraktivitäten zulassen' },
      explanation: BLOCKS,
    },
  ),
  blocker(
    'ADMX_GroupPolicy',
    'EnableCDP',
    { key: SYSTEM, value: 'EnableCdp' },
    {
      title: { en: 'Continue experiences on this device', de: 'Auf diesem Gerät fortfahren' },
      explanation: BLOCKS,
    },
  ),
  blocker(
    'Connectivity',
    'AllowConnectedDevices',
    { key: 'Software\\Microsoft\\PolicyManager\\current\\device\\Connectivity' },
    { title: { en: 'Allow Connected Devices', de: 'Verbundene Geräte zulassen' }, explanation: BLOCKS },
  ),
  own({
    name: 'EnableRoaming',
    title: { en: 'Keep settings equal on all devices', de: 'Einstellungen auf allen Geräten gleich halten' },
    explanation: {
      en: 'Settings that roam follow the person to every device. Off unless enabled.',
      de: 'Einstellungen folgen der Person auf jedes Gerät. Aus, solange nicht aktiviert.',
    },
    kind: 'switch',
    decides: (value) => ({ roamingEnabled: value === true }),
  }),
  own({
    name: 'BackupIntervalDays',
    title: { en: 'Back up every', de: 'Sichern alle' },
    explanation: {
      en: '8 days unless set, as in Windows. Shorter means fresher.',
      de: '8 Tage, solange nicht festgelegt, wie in Windows. Kürzer heißt frischer.',
    },
    kind: 'number',
    range: { from: 1, to: 60, unit: 'days' },
    decides: (value) => ({ backupIntervalDays: value as number }),
  }),
  own({
    name: 'BackupSpreadHours',
    title: { en: 'Spread the first backups over', de: 'Erste Sicherungen verteilen über' },
    explanation: {
      en: '24 hours unless set. A fleet that gets this policy at once does not back up at once.',
      de: '24 Stunden, solange nicht festgelegt. So sichert eine Flotte nicht auf einmal.',
    },
    kind: 'number',
    range: { from: 1, to: 168, unit: 'hours' },
    decides: (value) => ({ spreadHours: value as number }),
  }),
  own({
    name: 'KeptSnapshots',
    title: { en: 'Keep points in time', de: 'Aufbewahrte Zeitpunkte' },
    explanation: {
      en: '12 of each device unless set. The newest good one is kept in any case.',
      de: '12 je Gerät, solange nicht festgelegt. Der neueste brauchbare bleibt immer.',
    },
    kind: 'number',
    range: { from: 1, to: 100, unit: 'snapshots' },
    decides: (value) => ({ keptSnapshots: value as number }),
  }),
  own({
    name: 'StaleAfterDays',
    title: { en: 'Stop without contact after', de: 'Ohne Kontakt anhalten nach' },
    explanation: {
      en: '30 days unless set. A device that has not reached the service for so long no longer trusts its policy.',
      de: '30 Tage, solange nicht festgelegt. Nach so langer Zeit ohne Dienst gilt die Richtlinie auf dem Gerät nicht mehr.',
    },
    kind: 'number',
    range: { from: 1, to: 365, unit: 'days' },
    decides: (value) => ({ staleAfterDays: value as number }),
  }),
  own({
    name: 'AllowImages',
    title: { en: 'Keep wallpapers and lock-screen images', de: 'Hintergrund- und Sperrbilder sichern' },
    explanation: { en: 'On unless disabled.', de: 'Ein, solange nicht deaktiviert.' },
    kind: 'switch',
    decides: (value) => ({ imagesAllowed: value === true }),
  }),
  own({
    name: 'AllowSecrets',
    title: { en: 'Keep Wi-Fi keys and other secrets', de: 'WLAN-Schlüssel und andere Geheimnisse sichern' },
    explanation: {
      en: 'Sealed on the device. Off unless enabled.',
      de: 'Auf dem Gerät versiegelt. Aus, solange nicht aktiviert.',
    },
    kind: 'switch',
    decides: (value) => ({ secretsAllowed: value === true }),
  }),
  own({
    name: 'AllowRunsCode',
    title: { en: 'Restore what can start programs', de: 'Wiederherstellen, was Programme startet' },
    explanation: {
      en: 'Such as commands of shortcuts, and only when a person asks for them by name. On unless disabled.',
      de: 'Etwa Befehle von Tastenkürzeln, und nur auf namentlichen Wunsch. Ein, solange nicht deaktiviert.',
    },
    kind: 'switch',
    decides: (value) => ({ runsCodeAllowed: value === true }),
  }),
  own({
    name: 'AllowedAppSources',
    title: { en: 'App sources that a restore may add', de: 'App-Quellen, die hinzugefügt werden dürfen' },
    explanation: {
      en: 'Addresses of Flatpak remotes. Sources that a device has already can always be used.',
      de: 'Adressen von Flatpak-Quellen. Was ein Gerät schon hat, darf es immer benutzen.',
    },
    kind: 'list',
    decides: (value) => ({ allowedAppSources: value as readonly string[] }),
  }),
  own({
    name: 'InstallQualityUpdates',
    title: {
      en: 'Offer quality updates before a restore',
      de: 'Qualitätsupdates vor einer Wiederherstellung anbieten',
    },
    explanation: {
      en: 'A PC whose build is too old is offered to install them. Off unless enabled.',
      de: 'Einem PC mit zu altem Build wird die Installation angeboten. Aus, solange nicht aktiviert.',
    },
    kind: 'switch',
    decides: (value) => ({ installQualityUpdates: value === true }),
  }),
];

export const POLICY_CATEGORY_TITLES: Readonly<
  Record<PolicyCategory, { readonly title: Title; readonly path: string }>
> = {
  backup: {
    title: { en: 'Backup', de: 'Sicherung' },
    path: 'Administrative Templates\\Windows Components\\Sync your settings',
  },
  remember: {
    title: { en: 'What people may remember', de: 'Was gemerkt werden darf' },
    path: 'Administrative Templates\\Windows Components\\Sync your settings',
  },
  restore: { title: { en: 'Restore', de: 'Wiederherstellung' }, path: 'Windows Backup And Restore' },
  windows: {
    title: { en: 'Policies of Windows that block backup', de: 'Richtlinien von Windows, die die Sicherung verhindern' },
    path: 'System\\OS Policies',
  },
  carryover: { title: { en: 'Carryover', de: 'Carryover' }, path: 'Carryover' },
};

const BY_NAME = new Map(POLICIES.map((definition) => [definition.name, definition]));
const BY_DEFINITION_ID = new Map(POLICIES.map((definition) => [definition.definitionId, definition]));
const BY_OMA_URI = new Map(POLICIES.map((definition) => [definition.omaUri.toLowerCase(), definition]));

/** Undefined for a policy that this release does not know. */
export function policyByName(name: string): PolicyDefinition | undefined {
  return BY_NAME.get(name);
}

/** Undefined for a definition of the settings catalog that this release does not know. */
export function policyByDefinitionId(id: string): PolicyDefinition | undefined {
  return BY_DEFINITION_ID.get(id.toLowerCase());
}

/** OMA-URIs begin with "./Device/" or, in an older spelling of Intune, with "./". Undefined for one that is not known. */
export function policyByOmaUri(uri: string): PolicyDefinition | undefined {
  const wanted = uri.trim().toLowerCase();
  return BY_OMA_URI.get(wanted) ?? BY_OMA_URI.get(wanted.replace(/^\.\/vendor\//, './device/vendor/'));
}

/** What a value of this policy may be, in words for an error; undefined when this one is right. */
export function wrongValue({ kind, range }: PolicyDefinition, value: unknown): string | undefined {
  switch (kind) {
    case 'switch':
      return typeof value === 'boolean' ? undefined : 'true (Enabled) or false (Disabled)';
    case 'limit':
      return LIMIT_VALUES.some((known) => known === value) ? undefined : LIMIT_VALUES.join(', ');
    case 'number': {
      const { from = 0, to = 0, unit = '' } = range ?? {};
      const fits = typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
      return fits ? undefined : `a whole number of ${unit} from ${from} to ${to}`;
    }
    case 'list':
      return Array.isArray(value) && value.length <= MAX_LIST && value.every(isAddress)
        ? undefined
        : `at most ${MAX_LIST} addresses that begin with https:// or file:///`;
  }
}

const MAX_LIST = 100;

function isAddress(item: unknown): boolean {
  return typeof item === 'string' && item.length <= 500 && /^(https:\/\/|file:\/\/\/)\S+$/.test(item);
}
