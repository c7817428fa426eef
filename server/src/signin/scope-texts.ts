/**
 * What each permission lets a program do, in the words of the consent page, English and German.
 *
 * What a program may really do is never more than what the person who allows it may.
 */

import type { Language } from '@carryover/model/reasons';
import type { GRAPH_SCOPES } from './clients.ts';

type Scope = (typeof GRAPH_SCOPES)[number] | 'openid' | 'profile' | 'offline_access';

const SCOPE_TEXTS: Readonly<Record<Scope, Readonly<Record<Language, string>>>> = {
  openid: { en: 'Know who you are', de: 'Wissen, wer Sie sind' },
  profile: { en: 'See your name and user name', de: 'Ihren Namen und Benutzernamen sehen' },
  offline_access: { en: 'Go on while you are away', de: 'Weiterarbeiten, während Sie fort sind' },
  'User.Read': { en: 'See your name and account', de: 'Ihren Namen und Ihr Konto sehen' },
  'User.Read.All': { en: 'See all people', de: 'Alle Personen sehen' },
  'User.ReadWrite.All': { en: 'Add and change people', de: 'Personen hinzufügen und ändern' },
  'UserAuthenticationMethod.ReadWrite.All': { en: 'Reset passwords', de: 'Kennwörter zurücksetzen' },
  'UserWindowsSettings.Read': { en: 'See your backed-up settings', de: 'Ihre gesicherten Einstellungen sehen' },
  'UserWindowsSettings.Read.All': {
    en: 'See the backed-up settings of all people',
    de: 'Die gesicherten Einstellungen aller Personen sehen',
  },
  'UserWindowsSettings.ReadWrite.All': {
    en: 'See and delete the backed-up settings of all people',
    de: 'Die gesicherten Einstellungen aller Personen sehen und löschen',
  },
  'DeviceManagementConfiguration.Read.All': { en: 'See policies', de: 'Richtlinien sehen' },
  'DeviceManagementConfiguration.ReadWrite.All': { en: 'Change policies', de: 'Richtlinien ändern' },
  'DeviceManagementServiceConfig.Read.All': {
    en: 'See how devices are enrolled',
    de: 'Sehen, wie Geräte registriert werden',
  },
  'DeviceManagementServiceConfig.ReadWrite.All': {
    en: 'Change how devices are enrolled',
    de: 'Ändern, wie Geräte registriert werden',
  },
  'DeviceManagementApps.Read.All': { en: 'See apps', de: 'Apps sehen' },
  'DeviceManagementManagedDevices.Read.All': { en: 'See managed devices', de: 'Verwaltete Geräte sehen' },
  'DeviceManagementManagedDevices.ReadWrite.All': {
    en: 'Change and remove managed devices',
    de: 'Verwaltete Geräte ändern und entfernen',
  },
  'DeviceManagementManagedDevices.PrivilegedOperations.All': {
    en: 'Take managed devices out of use',
    de: 'Verwaltete Geräte außer Betrieb nehmen',
  },
  'Device.Read.All': { en: 'See all devices', de: 'Alle Geräte sehen' },
  'Directory.Read.All': { en: 'See people, groups and roles', de: 'Personen, Gruppen und Rollen sehen' },
  'Group.Read.All': { en: 'See all groups', de: 'Alle Gruppen sehen' },
  'Group.ReadWrite.All': { en: 'Add and change groups', de: 'Gruppen hinzufügen und ändern' },
  'GroupMember.Read.All': { en: 'See who is in a group', de: 'Sehen, wer zu einer Gruppe gehört' },
  'GroupMember.ReadWrite.All': { en: 'Change who is in a group', de: 'Ändern, wer zu einer Gruppe gehört' },
  'RoleManagement.Read.Directory': { en: 'See who holds which role', de: 'Sehen, wer welche Rolle hat' },
  'RoleManagement.ReadWrite.Directory': { en: 'Give and take roles', de: 'Rollen vergeben und entziehen' },
  'AuditLog.Read.All': { en: 'See the audit log', de: 'Das Überwachungsprotokoll sehen' },
  'Policy.Read.All': { en: 'See sign-in rules', de: 'Anmelderegeln sehen' },
  'Policy.Read.DeviceConfiguration': {
    en: 'See who may register devices',
    de: 'Sehen, wer Geräte registrieren darf',
  },
  'Policy.ReadWrite.DeviceConfiguration': {
    en: 'Change who may register devices',
    de: 'Ändern, wer Geräte registrieren darf',
  },
  'Policy.ReadWrite.AuthenticationFlows': {
    en: 'Change which ways of signing in are allowed',
    de: 'Ändern, welche Wege der Anmeldung erlaubt sind',
  },
};

/** Empty for a permission that has no words here; its name is shown all the same. */
export function scopeText(language: Language, scope: string): string {
  return (SCOPE_TEXTS as Readonly<Record<string, Readonly<Record<Language, string>>>>)[scope]?.[language] ?? '';
}
