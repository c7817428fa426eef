/** The set-up page and the one that follows it. */

import type { Language } from '@carryover/model/reasons';
import { MIN_PASSWORD_CHARACTERS } from '../directory/passwords.ts';
import { command, field, type Html, html, languageFrom, page, secretField } from '../http/html.ts';
import type { Founding } from './tenants.ts';

const TEXTS = {
  title: { en: 'Set up your organization', de: 'Organisation einrichten' },
  lead: {
    en: 'This makes an organization and its first person, who becomes Global Administrator',
    de: 'Das legt eine Organisation und ihre erste Person an; diese wird Global Administrator',
  },
  code: { en: 'Set-up code', de: 'Einrichtungscode' },
  codeHint: {
    en: 'Printed by the service when it started; works once',
    de: 'Der Dienst hat ihn beim Start ausgegeben; er gilt einmal',
  },
  organization: { en: 'Name of the organization', de: 'Name der Organisation' },
  displayName: { en: 'Your name', de: 'Ihr Name' },
  userName: { en: 'User name', de: 'Benutzername' },
  userNameHint: { en: 'For example anna@example.org', de: 'Zum Beispiel anna@example.org' },
  password: { en: 'Password', de: 'Kennwort' },
  passwordHint: {
    en: `At least ${MIN_PASSWORD_CHARACTERS} characters`,
    de: `Mindestens ${MIN_PASSWORD_CHARACTERS} Zeichen`,
  },
  button: { en: 'Set up', de: 'Einrichten' },
  doneTitle: { en: 'Your organization is ready', de: 'Ihre Organisation ist bereit' },
  doneLead: {
    en: 'The admin center leads you from here to the first device that is backed up',
    de: 'Das Admin Center führt Sie von hier bis zum ersten gesicherten Gerät',
  },
  doneNext: { en: 'Go to the admin center', de: 'Zum Admin Center' },
  doneText: {
    en: 'A device is connected with this command, run on it:',
    de: 'Ein Gerät wird mit diesem Befehl verbunden, auf ihm ausgeführt:',
  },
  enrollTitle: { en: 'Connect a device', de: 'Ein Gerät verbinden' },
  doneIssuer: { en: 'Programs sign in at:', de: 'Programme melden sich hier an:' },
} as const satisfies Record<string, Record<Language, string>>;

/** Which field a fault belongs to, and what to say there. */
const FAULTS: Readonly<Record<string, { readonly field: keyof Founding; readonly text: Record<Language, string> }>> = {
  setupCode: {
    field: 'code',
    text: {
      en: 'This code is wrong, used or expired. Make a new one on the server',
      de: 'Dieser Code ist falsch, benutzt oder abgelaufen. Erzeugen Sie auf dem Server einen neuen',
    },
  },
  organization: { field: 'organization', text: { en: 'A name is needed', de: 'Ein Name wird gebraucht' } },
  displayName: { field: 'displayName', text: { en: 'A name is needed', de: 'Ein Name wird gebraucht' } },
  userPrincipalName: {
    field: 'userPrincipalName',
    text: {
      en: 'A user name looks like anna@example.org',
      de: 'Ein Benutzername sieht aus wie anna@example.org',
    },
  },
  passwordLength: {
    field: 'password',
    text: {
      en: `A password has ${MIN_PASSWORD_CHARACTERS} to 256 characters`,
      de: `Ein Kennwort hat ${MIN_PASSWORD_CHARACTERS} bis 256 Zeichen`,
    },
  },
  passwordIsName: {
    field: 'password',
    text: { en: 'The password must not be the name', de: 'Das Kennwort darf nicht der Name sein' },
  },
};

export interface SetupShown {
  /** Accept-Language. */
  readonly language: string | undefined;
  readonly host: string;
  /** What was typed before; the password is typed again. */
  readonly filled?: Founding;
  readonly fault?: string;
}

export function setupPage({ language: accepted, host, filled, fault }: SetupShown): string {
  const language = languageFrom(accepted);
  const say = (name: keyof typeof TEXTS) => TEXTS[name][language];
  const found = fault === undefined ? undefined : FAULTS[fault];
  const wrong = found?.field ?? 'code';
  const common = (name: keyof Founding) => ({
    name,
    error: found?.field === name ? found.text[language] : undefined,
    // To where something is to be typed now.
    autofocus: name === wrong,
  });
  const body = html`<p>${say('lead')}</p>
<form method="post" action="/admin/setup">
${field({ ...common('code'), label: say('code'), hint: say('codeHint'), autocomplete: 'one-time-code', value: filled?.code })}
${field({ ...common('organization'), label: say('organization'), autocomplete: 'organization', value: filled?.organization })}
${field({ ...common('displayName'), label: say('displayName'), autocomplete: 'name', value: filled?.displayName })}
${field({ ...common('userPrincipalName'), label: say('userName'), hint: say('userNameHint'), autocomplete: 'username', value: filled?.userPrincipalName })}
${secretField({ ...common('password'), language, label: say('password'), hint: say('passwordHint'), autocomplete: 'new-password' })}
<div class="actions"><button class="primary" type="submit">${say('button')}</button></div>
</form>`;
  return page({ language, title: say('title'), organization: undefined, body, host, refused: found !== undefined });
}

export interface LinkShown {
  /** Accept-Language. */
  readonly language: string | undefined;
  readonly host: string;
  readonly organization: string;
  /** What people give to their device. */
  readonly link: string;
}

export function setupDonePage(shown: LinkShown & { readonly issuer: string }): string {
  const language = languageFrom(shown.language);
  const body = html`<p>${TEXTS.doneLead[language]}</p>
<div class="actions"><a class="button primary" href="/admin">${TEXTS.doneNext[language]}</a></div>
${commandOf(shown)}
<p>${TEXTS.doneIssuer[language]}</p>
${command(language, 'issuer', shown.issuer)}`;
  const { organization, host } = shown;
  return page({ language, title: TEXTS.doneTitle[language], organization, body, host });
}

export function enrollPage(shown: LinkShown): string {
  const language = languageFrom(shown.language);
  const { organization, host } = shown;
  return page({ language, title: TEXTS.enrollTitle[language], organization, body: commandOf(shown), host });
}

function commandOf({ language: accepted, link }: LinkShown): Html {
  const language = languageFrom(accepted);
  return html`<p>${TEXTS.doneText[language]}</p>
${command(language, 'enroll', `carryover enroll ${link}`)}`;
}
