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
:root { color-scheme: light dark; --paper: #f5f7f8; --glow: #d5e8ef; --card: #fff; --edge: #dfe3e8; --shadow: 0 16px 40px #0b3a4a1f, 0 2px 6px #0b3a4a14; --ink: #1b1d1e; --quiet: #4d5663; --brand: #09718c; --deep: #064a5e; --hover: #075e75; --on: #fff; --tint: #e9f3f6; --line: #8a94a3; --bad: #9b2252; }
@media (prefers-color-scheme: dark) { :root { --paper: #161819; --glow: #0e2a33; --card: #232627; --edge: #3a3f42; --shadow: 0 16px 40px #0006; --ink: #f5f7f8; --quiet: #b4bcc7; --brand: #43a4c3; --deep: #43a4c3; --hover: #63b8d3; --on: #00171f; --tint: #14303a; --line: #8d98a7; --bad: #f08bb2; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; grid-template-columns: min(468px, 100%); place-content: center; gap: 20px; padding: 40px 16px; background: radial-gradient(60vw 60vh at 6% 0, var(--glow), transparent) no-repeat, radial-gradient(60vw 60vh at 100% 100%, var(--glow), transparent) no-repeat, var(--paper); color: var(--ink); font: 16px/24px 'Segoe UI Variable Text', 'Segoe UI', 'Open Sans Variable', 'Open Sans', 'Noto Sans', sans-serif; }
main { min-width: 0; padding: 40px; background: var(--card); border: 1px solid var(--edge); border-radius: 12px; box-shadow: var(--shadow); }
header { display: grid; grid-template-columns: 28px minmax(0, 1fr); column-gap: 14px; align-items: center; margin: 0 0 32px; }
header::before { content: ''; grid-row: span 2; width: 28px; height: 30px; background: radial-gradient(circle at 50% 36%, var(--on) 0 4px, transparent 4.5px), linear-gradient(160deg, var(--brand), var(--deep)); clip-path: polygon(0 0, 100% 0, 100% 58%, 88% 80%, 50% 100%, 12% 80%, 0 58%); }
header p { margin: 0; overflow-wrap: anywhere; }
.organization { font-weight: 600; line-height: 22px; }
.host { color: var(--quiet); font-size: 13px; line-height: 18px; }
h1 { margin: 0 0 8px; font-size: 24px; line-height: 32px; font-weight: 600; overflow-wrap: break-word; }
h1 + p { margin-top: 0; color: var(--quiet); }
label { display: block; margin: 20px 0 6px; font-weight: 600; font-size: 14px; line-height: 20px; }
input:not([type=hidden]) { width: 100%; min-height: 44px; padding: 0 14px; font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-bottom-color: var(--ink); border-radius: 4px; }
input:not([type=hidden]):focus-visible { border-color: var(--brand); outline: 2px solid var(--brand); outline-offset: 0; }
[aria-invalid=true] { border: 2px solid var(--bad) !important; }
:focus-visible { outline: 2px solid var(--ink); outline-offset: 2px; }
.hint { margin: 6px 0 0; color: var(--quiet); font-size: 13px; line-height: 18px; }
.error { margin: 6px 0 0; color: var(--bad); font-size: 14px; line-height: 20px; }
.error::before { content: '\\2715\\a0'; }
.warning { padding: 12px 16px; background: var(--tint); border-left: 4px solid var(--brand); border-radius: 4px; font-size: 14px; line-height: 20px; }
.code { margin: 16px 0; padding: 16px; text-align: center; background: var(--tint); border-radius: 8px; font-size: 24px; line-height: 32px; letter-spacing: 2px; }
.actions { display: grid; grid-template-columns: repeat(auto-fit, minmax(148px, 1fr)); gap: 8px; margin-top: 28px; }
button { min-height: 44px; padding: 8px 20px; font: inherit; font-weight: 600; border: 1px solid var(--line); border-radius: 4px; background: transparent; color: inherit; cursor: pointer; }
button:hover { background: var(--tint); }
button.primary { background: var(--brand); border-color: var(--brand); color: var(--on); }
button.primary:hover { background: var(--hover); border-color: var(--hover); }
footer { padding: 0 8px; text-align: center; color: var(--quiet); font-size: 13px; line-height: 18px; overflow-wrap: anywhere; }
ul { margin: 16px 0; padding: 8px 16px 8px 32px; background: var(--tint); border-radius: 8px; }
li { margin: 4px 0; overflow-wrap: anywhere; }
code { font-family: 'Cascadia Mono', 'Noto Sans Mono', 'DejaVu Sans Mono', monospace; font-size: .9em; overflow-wrap: anywhere; }
p.command { padding: 12px 16px; background: var(--tint); border-radius: 8px; }
a { color: var(--brand); }
@media (min-width: 521px) { button.primary { order: 1; } }
@media (max-width: 520px) { body { padding: 0; gap: 0; place-content: start stretch; grid-template-columns: 100%; background: var(--card); } main { padding: 28px 24px 24px; border: 0; border-top: 4px solid var(--brand); border-radius: 0; box-shadow: none; } footer { padding: 0 24px 32px; text-align: left; } }
@media (forced-colors: active) { header::before { background: CanvasText; } .warning, .code, ul { border: 1px solid; } }
`;

export interface PageShown {
  readonly language: Language;
  readonly title: string;
  /** The organization, always visible; undefined before there is one. */
  readonly organization: string | undefined;
  /** Where this is: nobody should take this page for somebody else's. */
  readonly host: string;
  readonly body: Html;
  /** Who asks. */
  readonly foot?: string;
}

export function page({ language, title, organization, host, body, foot }: PageShown): string {
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
<header>
<p class="organization">${organization ?? 'Carryover'}</p>
<p class="host">${host}</p>
</header>
<h1>${title}</h1>
${body}
</main>${
    foot === undefined
      ? ''
      : html`
<footer>${foot}</footer>`
  }
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
