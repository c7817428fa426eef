/**
 * Pages made on the server: plain HTML that works without JavaScript, escaped by construction.
 *
 * Their style, script and font are files of their own (page-files.ts), so the policy allows nothing inline.
 *
 * `html` escapes every value that is not itself made by `html`, so nothing a person typed becomes markup.
 *
 * Source: screens.md (teal ramp, sign-in card, sizes); WCAG 2.2 AA.
 */

import type { Language } from '@carryover/model/reasons';
import { pageFiles } from '../page-files.ts';

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

/** Drawn by us, in the colour of the text; a word always stands beside. */
export const ICONS = {
  refused: icon(
    'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1ZM5.9 5.1 8 7.2l2.1-2.1.8.8L8.8 8l2.1 2.1-.8.8L8 8.8l-2.1 2.1-.8-.8L7.2 8 5.1 5.9Z',
  ),
  information: icon(
    'M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1Zm0 1a6 6 0 1 1 0 12A6 6 0 0 1 8 2Zm-.5 5h1v4.5h-1Zm0-2.5h1v1.2h-1Z',
  ),
} as const;

function icon(path: string): Html {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true"><path fill="currentColor" fill-rule="evenodd" d="${path}"/></svg>`;
}

export interface PageShown {
  readonly language: Language;
  readonly title: string;
  /** The organization, always visible; undefined before there is one. */
  readonly organization: string | undefined;
  /** Where this is: nobody should take this page for somebody else's. */
  readonly host: string;
  readonly body: Html;
  /** Who asks. */
  readonly foot?: Html;
  /** Something that was typed must be corrected: said first, by the title of the tab. */
  readonly refused?: boolean;
}

const WORDS = {
  en: { refused: 'Error: ', show: 'Show', hide: 'Hide', copy: 'Copy', copied: 'Copied' },
  de: { refused: 'Fehler: ', show: 'Anzeigen', hide: 'Verbergen', copy: 'Kopieren', copied: 'Kopiert' },
} as const satisfies Record<Language, Record<string, string>>;

export function page({ language, title, organization, host, body, foot, refused }: PageShown): string {
  const { style, script, crest } = pageFiles();
  const named = organization === undefined ? title : `${title} – ${organization}`;
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${refused ? WORDS[language].refused : ''}${named}</title>
<link rel="icon" href="${crest.path}">
<link rel="stylesheet" href="${style.path}">
<script src="${script.path}" defer></script>
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
  readonly autocomplete: string;
  readonly value?: string | undefined;
  readonly hint?: string | undefined;
  readonly error?: string | Html | undefined;
  readonly autofocus?: boolean;
}

/** A labelled input; its hint and error are linked to it, so that a screen reader reads them with it. */
export function field(shown: Field): Html {
  return html`${labelOf(shown)}
${inputOf(shown, 'text')}
${remarksOn(shown)}`;
}

/** A field whose text is hidden until the person wants to see it, which takes JavaScript. Its value is never sent back. */
export function secretField(shown: Omit<Field, 'value'> & { readonly language: Language }): Html {
  const { show, hide } = WORDS[shown.language];
  return html`${labelOf(shown)}
<div class="secret">
${inputOf(shown, 'password')}
<button type="button" class="small" data-shows="${shown.name}" data-show="${show}" data-hide="${hide}" hidden>${show}<span class="unseen"> ${shown.label}</span></button>
</div>
${remarksOn(shown)}`;
}

function labelOf({ name, label }: Field): Html {
  return html`<label for="${name}">${label}</label>`;
}

function inputOf({ name, autocomplete, value, hint, error, autofocus }: Field, type: 'text' | 'password'): Html {
  const described = [hint === undefined ? '' : `${name}-hint`, error === undefined ? '' : `${name}-error`]
    .filter((id) => id !== '')
    .join(' ');
  return html`<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" autocapitalize="none" spellcheck="false" required${
    value === undefined ? '' : html` value="${value}"`
  }${described === '' ? '' : html` aria-describedby="${described}"`}${
    error === undefined ? '' : html` aria-invalid="true"`
  }${autofocus ? html` autofocus` : ''}>`;
}

function remarksOn({ name, hint, error }: Field): Html {
  return html`${hint === undefined ? '' : html`<p class="hint" id="${name}-hint">${hint}</p>`}
${
  error === undefined
    ? ''
    : html`<div class="fault">${ICONS.refused}<p class="error" id="${name}-error" role="alert">${error}</p></div>`
}`;
}

/** A command to be run elsewhere; copied by a button where JavaScript runs. `id` is unique on the page. */
export function command(language: Language, id: string, text: string): Html {
  const { copy, copied } = WORDS[language];
  return html`<div class="command"><code id="${id}">${text}</code>
<button type="button" class="small" data-copies="${id}" data-copied="${copied}" hidden>${copy}</button></div>`;
}

/**
 * The policy of such a page: files of our own, no frame, nothing inline and nothing from elsewhere.
 *
 * `formTargets`: origins that a form's answer may lead on to, e.g. the loopback address of the program that asked; a
 * browser checks redirects after a form, too.
 */
export function pagePolicy(formTargets: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    "script-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
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
