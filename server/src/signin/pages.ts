/**
 * The pages of a sign-in. Every one shows the organization and the host, works without JavaScript, and says nothing that
 * tells whether an account exists.
 *
 * Source: screens.md, "Sign-in".
 */

import type { Language } from '@carryover/model/reasons';
import { MIN_PASSWORD_CHARACTERS } from '../directory/passwords.ts';
import { field, type Html, html, ICONS, languageFrom, page, secretField } from '../http/html.ts';
import { scopeText } from './scope-texts.ts';
import { htmlOf, type TextName, textOf } from './texts.ts';

export interface Place {
  readonly organization: string;
  readonly host: string;
  /** Accept-Language. */
  readonly language: string | undefined;
}

export interface FormShown extends Place {
  /** Path of the interaction; forms post below it. */
  readonly path: string;
  /** Proves that the form came from us. */
  readonly token: string;
  readonly client: string;
}

type SignInError = { readonly name: 'wrong' | 'busy' } | { readonly name: 'locked'; readonly until: Temporal.Instant };

export interface SignInShown extends FormShown {
  readonly userName?: string | undefined;
  readonly error?: SignInError;
}

export function signInPage(shown: SignInShown): string {
  const say = wordsIn(shown);
  const error = shown.error && sentenceOf(shown, shown.error);
  const body = html`<p>${say('signInLead')}</p>
<form method="post" action="${shown.path}/login">
<input type="hidden" name="token" value="${shown.token}">
${field({
  name: 'userName',
  label: say('userName'),
  hint: say('userNameHint'),
  autocomplete: 'username',
  value: shown.userName,
  autofocus: shown.userName === undefined,
})}
${secretField({
  language: languageFrom(shown.language),
  name: 'password',
  label: say('password'),
  autocomplete: 'current-password',
  error,
  autofocus: shown.userName !== undefined,
})}
<div class="actions"><button class="primary" type="submit">${say('signIn')}</button>${cancelButton(shown)}</div>
</form>
${cancelForm(shown)}`;
  return framed(shown, say('signInTitle'), body, error !== undefined);
}

function sentenceOf(place: Place, error: SignInError): Html {
  const facts: Record<string, Html> = error.name === 'locked' ? { time: timeOf(error.until) } : {};
  return htmlOf(languageFrom(place.language), error.name, facts);
}

/** The first whole minute from then on; the page's script shows it in the person's time zone. */
function timeOf(instant: Temporal.Instant): Html {
  const minute = instant.round({ smallestUnit: 'minute', roundingMode: 'ceil' }).toString();
  return html`<time datetime="${minute}">${minute.slice(11, 16)} UTC</time>`;
}

export function passwordPage(shown: FormShown & { readonly error?: TextName }): string {
  const say = wordsIn(shown);
  const error = shown.error && say(shown.error, { count: MIN_PASSWORD_CHARACTERS });
  const repeat = shown.error === 'notTheSame';
  const language = languageFrom(shown.language);
  const body = html`<p>${say('changeLead')}</p>
<form method="post" action="${shown.path}/password">
<input type="hidden" name="token" value="${shown.token}">
${secretField({
  language,
  name: 'newPassword',
  label: say('newPassword'),
  hint: say('newPasswordHint', { count: MIN_PASSWORD_CHARACTERS }),
  autocomplete: 'new-password',
  error: repeat ? undefined : error,
  autofocus: true,
})}
${secretField({
  language,
  name: 'repeatPassword',
  label: say('repeatPassword'),
  autocomplete: 'new-password',
  error: repeat ? error : undefined,
})}
<div class="actions"><button class="primary" type="submit">${say('savePassword')}</button>${cancelButton(shown)}</div>
</form>
${cancelForm(shown)}`;
  return framed(shown, say('changeTitle'), body, error !== undefined);
}

export function consentPage(shown: FormShown & { readonly scopes: readonly string[] }): string {
  const say = wordsIn(shown);
  const facts = { client: shown.client, organization: shown.organization };
  const language = languageFrom(shown.language);
  const body = html`<p>${say('consentLead', facts)}</p>
<ul>${shown.scopes.map((scope) => html`<li>${scopeText(language, scope)}<code>${scope}</code></li>`)}</ul>
<form method="post" action="${shown.path}/consent">
<input type="hidden" name="token" value="${shown.token}">
<div class="actions"><button class="primary" type="submit">${say('accept')}</button>
<button type="submit" form="cancel">${say('decline')}</button></div>
</form>
${cancelForm(shown)}`;
  return framed(shown, say('consentTitle', facts), body);
}

export function expiredPage(place: Place): string {
  const say = wordsIn(place);
  return plain(place, say('expiredTitle'), html`<p>${say('expiredText')}</p>`);
}

export function errorPage(place: Place, out: object): string {
  const say = wordsIn(place);
  const lines = Object.entries(out).map(([name, value]) => html`<li><code>${name}: ${String(value)}</code></li>`);
  return plain(place, say('errorTitle'), html`<p>${say('errorText')}</p><ul>${lines}</ul>`);
}

/** `form` is the provider's own form; only its action and secret are taken from it. */
export function logoutPage(place: Place, form: string): string {
  const say = wordsIn(place);
  const action = /action="([^"]*)"/.exec(form)?.[1] ?? '';
  const secret = /name="xsrf" value="([^"]*)"/.exec(form)?.[1] ?? '';
  return plain(
    place,
    say('logoutTitle'),
    html`<p>${say('logoutText', { organization: place.organization })}</p>
<form method="post" action="${action}">
<input type="hidden" name="xsrf" value="${secret}">
<div class="actions"><button class="primary" type="submit" name="logout" value="yes">${say('logoutYes')}</button>
<button type="submit">${say('logoutNo')}</button></div>
</form>`,
  );
}

export function loggedOutPage(place: Place): string {
  const say = wordsIn(place);
  return plain(place, say('loggedOutTitle'), html`<p>${say('loggedOutText')}</p>`);
}

export interface DeviceFormShown extends Place {
  readonly action: string;
  /** Proves that the form came from us. */
  readonly secret: string;
}

/** Asks for the code that a terminal shows. */
export function deviceCodePage(shown: DeviceFormShown & { readonly error?: TextName }): string {
  const say = wordsIn(shown);
  return plain(
    shown,
    say('codeTitle'),
    html`<p>${say('codeLead')}</p>
<form method="post" action="${shown.action}">
<input type="hidden" name="xsrf" value="${shown.secret}">
${field({
  name: 'user_code',
  label: say('code'),
  hint: say('codeHint'),
  autocomplete: 'off',
  error: shown.error && say(shown.error),
  autofocus: true,
})}
<div class="actions"><button class="primary" type="submit">${say('next')}</button></div>
</form>`,
    shown.error !== undefined,
  );
}

/** Shows the code once more and says when not to go on. */
export function deviceConfirmPage(
  shown: DeviceFormShown & { readonly userCode: string; readonly code: string },
): string {
  const say = wordsIn(shown);
  const hidden = html`<input type="hidden" name="xsrf" value="${shown.secret}">
<input type="hidden" name="user_code" value="${shown.userCode}">`;
  return plain(
    shown,
    say('confirmTitle'),
    html`<p class="code"><code>${shown.code}</code></p>
<p>${say('confirmLead', { organization: shown.organization })}</p>
<div class="note">${ICONS.information}<p>${say('confirmWarning')}</p></div>
<form method="post" action="${shown.action}">
${hidden}
<input type="hidden" name="confirm" value="yes">
<div class="actions"><button class="primary" type="submit">${say('confirmYes')}</button>
<button type="submit" form="cancel">${say('cancel')}</button></div>
</form>
<form id="cancel" method="post" action="${shown.action}">
${hidden}
<input type="hidden" name="abort" value="yes">
</form>`,
  );
}

export function deviceCodeDonePage(place: Place): string {
  const say = wordsIn(place);
  return plain(place, say('codeDoneTitle'), html`<p>${say('codeDoneText')}</p>`);
}

export function deviceCodeNotAllowedPage(place: Place): string {
  const say = wordsIn(place);
  return plain(place, say('codeOffTitle'), html`<p>${say('codeOffText', { organization: place.organization })}</p>`);
}

function framed(shown: FormShown, title: string, body: Html, refused = false): string {
  const { organization, host } = shown;
  const language = languageFrom(shown.language);
  const foot = htmlOf(language, 'signInFoot', { client: html`<strong>${shown.client}</strong>`, host });
  return page({ language, title, organization, host, body, foot, refused });
}

function plain({ language, organization, host }: Place, title: string, body: Html, refused = false): string {
  return page({ language: languageFrom(language), title, organization, host, body, refused });
}

function cancelButton(shown: FormShown): Html {
  return html` <button type="submit" form="cancel">${wordsIn(shown)('cancel')}</button>`;
}

/** A form of its own, so that cancelling needs no filled-in field. */
function cancelForm(shown: FormShown): Html {
  return html`<form id="cancel" method="post" action="${shown.path}/cancel">
<input type="hidden" name="token" value="${shown.token}"></form>`;
}

function wordsIn(place: Place) {
  const language: Language = languageFrom(place.language);
  return (name: TextName, facts?: Readonly<Record<string, string | number>>) => textOf(language, name, facts);
}
