/** The words of the sign-in pages, English and German. */

import type { Language } from '@carryover/model/reasons';
import { type Html, html } from '../http/html.ts';

const ENGLISH = {
  signInTitle: 'Sign in',
  signInLead: 'Use your work account',
  signInFoot: 'Signing in to {client} on {host}',
  userName: 'User name',
  userNameHint: 'For example anna@example.org',
  password: 'Password',
  signIn: 'Sign in',
  cancel: 'Cancel',
  wrong: 'User name or password is not right',
  locked: 'Too many attempts. Try again after {time}',
  busy: 'Too many people sign in right now. Try again in a minute',
  changeTitle: 'Choose a new password',
  changeLead: 'Your password was set by an administrator. Choose one that only you know.',
  newPassword: 'New password',
  newPasswordHint: 'At least {count} characters',
  repeatPassword: 'New password again',
  notTheSame: 'The two passwords differ',
  passwordLength: 'A password has {count} to 256 characters',
  passwordIsName: 'The password must not be your name',
  passwordSame: 'The new password must differ from the old one',
  savePassword: 'Save and go on',
  consentTitle: 'Allow {client}?',
  consentLead: '{client} was registered by {organization} and asks for:',
  accept: 'Allow',
  decline: 'Do not allow',
  expiredTitle: 'This sign-in is over',
  expiredText: 'It took too long or was finished in another window. Start again from the program that sent you here.',
  errorTitle: 'This sign-in does not work',
  errorText: 'Close this page and start again. If it happens again, show this to your IT:',
  logoutTitle: 'Sign out?',
  logoutText: 'You will be signed out of {organization} in this browser. Backups of your devices go on.',
  logoutYes: 'Sign out',
  logoutNo: 'Stay signed in',
  loggedOutTitle: 'You are signed out',
  loggedOutText: 'You may close this page',
  codeTitle: 'Enter the code',
  codeLead: 'It stands in the terminal where you are asked to sign in',
  code: 'Code',
  codeHint: 'Eight letters, for example BCDF-GHJK',
  next: 'Next',
  codeWrong: 'This code is wrong, used or expired. Look at the terminal again',
  codeCancelled: 'Cancelled. Nothing was signed in. You can close this page',
  confirmTitle: 'Does your terminal show this code?',
  confirmLead: 'It will be allowed to back up your settings to {organization}, and nothing else',
  confirmWarning:
    'Go on only if you started this yourself a moment ago. If someone sent you the code, cancel and tell your IT.',
  confirmYes: 'Yes, go on',
  codeDoneTitle: 'You are signed in',
  codeDoneText: 'Go back to the terminal; it goes on by itself. You can close this page.',
  codeOffTitle: 'This is not allowed',
  codeOffText:
    '{organization} does not allow signing in with a code on another device. Sign in on the PC itself, or ask your IT.',
} as const;

type Words = Readonly<Record<keyof typeof ENGLISH, string>>;

const GERMAN: Words = {
  signInTitle: 'Anmelden',
  signInLead: 'Verwenden Sie Ihr Arbeitskonto',
  signInFoot: 'Anmeldung bei {client} auf {host}',
  userName: 'Benutzername',
  userNameHint: 'Zum Beispiel anna@example.org',
  password: 'Kennwort',
  signIn: 'Anmelden',
  cancel: 'Abbrechen',
  wrong: 'Benutzername oder Kennwort stimmt nicht',
  locked: 'Zu viele Versuche. Versuchen Sie es nach {time} erneut',
  busy: 'Gerade melden sich zu viele an. Versuchen Sie es in einer Minute erneut',
  changeTitle: 'Neues Kennwort wählen',
  changeLead: 'Ihr Kennwort hat ein Administrator gesetzt. Wählen Sie eines, das nur Sie kennen.',
  newPassword: 'Neues Kennwort',
  newPasswordHint: 'Mindestens {count} Zeichen',
  repeatPassword: 'Neues Kennwort noch einmal',
  notTheSame: 'Die beiden Kennwörter sind verschieden',
  passwordLength: 'Ein Kennwort hat {count} bis 256 Zeichen',
  passwordIsName: 'Das Kennwort darf nicht Ihr Name sein',
  passwordSame: 'Das neue Kennwort muss sich vom alten unterscheiden',
  savePassword: 'Speichern und weiter',
  consentTitle: '{client} erlauben?',
  consentLead: '{client} wurde von {organization} registriert und bittet um:',
  accept: 'Erlauben',
  decline: 'Nicht erlauben',
  expiredTitle: 'Diese Anmeldung ist vorbei',
  expiredText:
    'Sie hat zu lange gedauert oder wurde in einem anderen Fenster beendet. Beginnen Sie neu in dem Programm, das Sie hierher geschickt hat.',
  errorTitle: 'Diese Anmeldung geht nicht',
  errorText: 'Schließen Sie diese Seite und beginnen Sie neu. Geschieht es wieder, zeigen Sie dies Ihrer IT:',
  logoutTitle: 'Abmelden?',
  logoutText: 'Sie werden in diesem Browser von {organization} abgemeldet. Die Sicherungen Ihrer Geräte laufen weiter.',
  logoutYes: 'Abmelden',
  logoutNo: 'Angemeldet bleiben',
  loggedOutTitle: 'Sie sind abgemeldet',
  loggedOutText: 'Sie können diese Seite schließen',
  codeTitle: 'Code eingeben',
  codeLead: 'Er steht im Terminal, in dem Sie um die Anmeldung gebeten werden',
  code: 'Code',
  codeHint: 'Acht Buchstaben, zum Beispiel BCDF-GHJK',
  next: 'Weiter',
  codeWrong: 'Dieser Code ist falsch, benutzt oder abgelaufen. Sehen Sie noch einmal ins Terminal',
  codeCancelled: 'Abgebrochen. Nichts wurde angemeldet. Sie können diese Seite schließen',
  confirmTitle: 'Zeigt Ihr Terminal diesen Code?',
  confirmLead: 'Es darf dann Ihre Einstellungen bei {organization} sichern und sonst nichts',
  confirmWarning:
    'Nur weiter, wenn Sie das eben selbst begonnen haben. Hat Ihnen jemand den Code geschickt, brechen Sie ab und sagen Sie es Ihrer IT.',
  confirmYes: 'Ja, weiter',
  codeDoneTitle: 'Sie sind angemeldet',
  codeDoneText: 'Zurück zum Terminal; dort geht es von selbst weiter. Sie können diese Seite schließen.',
  codeOffTitle: 'Das ist nicht erlaubt',
  codeOffText:
    '{organization} erlaubt keine Anmeldung mit einem Code auf einem anderen Gerät. Melden Sie sich am PC selbst an oder fragen Sie Ihre IT.',
};

const TEXTS: Readonly<Record<Language, Words>> = { en: ENGLISH, de: GERMAN };

/** One text, with what its braces stand for filled in. */
export function textOf(
  language: Language,
  name: keyof typeof ENGLISH,
  facts: Readonly<Record<string, string | number>> = {},
): string {
  return TEXTS[language][name].replace(/\{(\w+)\}/g, (_, fact: string) => String(facts[fact] ?? '…'));
}

/** As textOf, for facts that are marked up. */
export function htmlOf(language: Language, name: TextName, facts: Readonly<Record<string, string | Html>>): Html {
  const parts = TEXTS[language][name].split(/(\{\w+\})/);
  return html`${parts.map((part) => html`${part.startsWith('{') ? (facts[part.slice(1, -1)] ?? '…') : part}`)}`;
}

export type TextName = keyof typeof ENGLISH;
