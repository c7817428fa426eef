/**
 * Pages made on the server: plain HTML that works without JavaScript, escaped by construction.
 *
 * `html` escapes every value that is not itself made by `html`, so nothing a person typed becomes markup.
 *
 * Source: screens.md (teal ramp, sign-in card, sizes); WCAG 2.2 AA.
 */

import { hash } from 'node:crypto';
import type { Language } from '@carryover/model/reasons';

const MADE = Symbol('made by html');

export interface Html {
  readonly [MADE]: string;
}

type Value = Html | string | number | undefined | readonly Html[];

export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { [MADE]: strings.reduce((text, string, index) => text + textOf(values[index - 1]) + string) };
}

function textOf(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  if (MADE in value) return value[MADE];
  return value.map((one) => one[MADE]).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

const STYLE = `
:root { color-scheme: light dark; --paper: #f5f7f8; --card: #fff; --ink: #1b1d1e; --quiet: #4d5663; --brand: #09718c; --on: #fff; --tint: #e9f3f6; --line: #8a94a3; --bad: #9b2252; }
@media (prefers-color-scheme: dark) { :root { --paper: #1b1d1e; --card: #292929; --ink: #f5f7f8; --quiet: #b4bcc7; --brand: #43a4c3; --on: #00171f; --tint: #12282f; --line: #8d98a7; --bad: #f08bb2; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-content: center; background: var(--paper); color: var(--ink); font: 14px/20px 'Segoe UI Variable Text', 'Segoe UI', 'Open Sans Variable', 'Noto Sans', sans-serif; }
main { width: min(468px, 100vw); padding: 36px 40px 32px; background: var(--card); border-top: 4px solid var(--brand); border-radius: 12px; box-shadow: 0 8px 16px #0002; }
@media (max-width: 860px) { main { width: 100vw; padding: 24px; } }
.organization { margin: 0 0 16px; color: var(--brand); font-weight: 600; overflow-wrap: anywhere; }
h1 { margin: 0 0 20px; font-size: 24px; line-height: 32px; font-weight: 600; }
label { display: block; margin: 16px 0 4px; font-weight: 600; }
input:not([type=hidden]) { width: 100%; min-height: 40px; padding: 0 12px; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: 4px; }
[aria-invalid=true] { border: 2px solid var(--bad) !important; }
:focus-visible { outline: 2px solid var(--brand); outline-offset: 2px; }
.hint { margin: 4px 0 0; color: var(--quiet); font-size: 12px; line-height: 16px; }
.error { margin: 4px 0 0; color: var(--bad); }
.error::before { content: '\\2715\\a0'; }
.actions { display: flex; gap: 12px; margin-top: 24px; }
button, .button { min-height: 40px; padding: 0 20px; font: inherit; font-weight: 600; border: 1px solid var(--line); border-radius: 4px; background: transparent; color: inherit; cursor: pointer; }
button.primary { background: var(--brand); border-color: var(--brand); color: var(--on); }
footer { margin-top: 24px; color: var(--quiet); font-size: 12px; line-height: 16px; overflow-wrap: anywhere; }
li { margin: 4px 0; overflow-wrap: anywhere; }
code { overflow-wrap: anywhere; }
a { color: var(--brand); }
`;

export interface PageShown {
  readonly language: Language;
  readonly title: string;
  /** The organization, always visible; undefined before there is one. */
  readonly organization: string | undefined;
  readonly body: Html;
  /** Who asks and on which host: nobody should take this page for somebody else's. */
  readonly foot: string;
}

export function page({ language, title, organization, body, foot }: PageShown): string {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${organization === undefined ? title : `${title} – ${organization}`}</title>
<style>${{ [MADE]: STYLE }}</style>
</head>
<body>
<main>
<p class="organization">${organization ?? 'Carryover'}</p>
<h1>${title}</h1>
${body}
<footer>${foot}</footer>
</main>
</body>
</html>`[MADE];
}

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly type?: 'text' | 'password';
  readonly autocomplete: string;
  readonly value?: string | undefined;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly autofocus?: boolean;
}

/** A labelled input; its hint and error are linked to it, so that a screen reader reads them with it. */
export function field({ name, label, type = 'text', autocomplete, value, hint, error, autofocus }: Field): Html {
  const described = [hint === undefined ? '' : `${name}-hint`, error === undefined ? '' : `${name}-error`]
    .filter((id) => id !== '')
    .join(' ');
  return html`<label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" autocapitalize="none" spellcheck="false" required${
    value === undefined ? '' : html` value="${value}"`
  }${described === '' ? '' : html` aria-describedby="${described}"`}${
    error === undefined ? '' : html` aria-invalid="true"`
  }${autofocus ? html` autofocus` : ''}>
${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`}
${error === undefined ? '' : html`<p class="error" id="${name}-error" role="alert">${error}</p>`}`;
}

const STYLE_SOURCE = `'sha256-${hash('sha256', STYLE, 'base64')}'`;

/**
 * The policy of such a page: no script, no frame, nothing from elsewhere.
 *
 * `formTargets`: origins that a form's answer may lead on to, e.g. the loopback address of the program that asked; a
 * browser checks redirects after a form, too.
 */
export function pagePolicy(formTargets: readonly string[] = []): string {
  return [
    "default-src 'none'",
    `style-src ${STYLE_SOURCE}`,
    `form-action ${["'self'", ...formTargets].join(' ')}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

/** English or German, whichever the browser prefers. */
export function languageFrom(acceptLanguage: string | undefined): Language {
  const weighed = (acceptLanguage ?? '').split(',').map((entry) => {
    const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';');
    const quality = parameters.map((parameter) => /^\s*q=([\d.]+)$/.exec(parameter)?.[1]).find((q) => q !== undefined);
    return { language: tag.split('-')[0], quality: Number(quality ?? 1) };
  });
  const best = weighed
    .filter(({ language, quality }) => (language === 'de' || language === 'en') && quality > 0)
    .toSorted((a, b) => b.quality - a.quality)[0];
  return best?.language === 'de' ? 'de' : 'en';
}
