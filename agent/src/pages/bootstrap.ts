/**
 * The way into the page without a secret on a command line: an HTML file that only the person can read.
 *
 * It holds the key and posts it, by itself where scripts run and by a button where not. It is removed as soon as it was
 * used. What the browser shows when the key is refused is here too: there is no page yet that could say it.
 *
 * Pure. Source: architecture.md, "where harm could come in"; docs/decisions/2026-11-25-loopback-pages.md.
 */

import { createHash } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { Language } from '@carryover/model/reasons';

export interface BootstrapInput {
  readonly origin: string;
  readonly key: string;
  readonly language: Language;
}

/** The button is of no use once the form is on its way: pressed then, the key would be used twice. */
const SCRIPT = "document.querySelector('button').hidden=true;document.querySelector('form').submit()";

const STYLE =
  'body{font:16px/1.5 "Segoe UI",system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em;color-scheme:light dark}h1{font-size:1.5em}button{font:inherit;padding:.4em 1em}';

/** The content of the file. */
export function bootstrapPage({ origin, key, language }: BootstrapInput): string {
  const { title, button } = TEXTS[language];
  const policy = `default-src 'none'; script-src '${digestOf(SCRIPT)}'; style-src '${digestOf(STYLE)}'; form-action ${origin}; base-uri 'none'`;
  return document(
    language,
    title,
    `<form method="post" action="${origin}/start"><input type="hidden" name="token" value="${key}"><button>${button}</button></form><script>${SCRIPT}</script>`,
    `<meta http-equiv="content-security-policy" content="${policy}"><meta name="referrer" content="no-referrer">`,
  );
}

export type StartFault = 'wrong' | 'late' | 'usedTwice';

/** Why a window is not let in, and what to do. */
export function wordsOfStart(fault: StartFault, language: Language): string {
  return TEXTS[language][fault];
}

/** What a browser shows in place of the page. */
export function startPage(error: unknown, language: Language) {
  const sentence = error instanceof KnownError ? error.message : TEXTS[language].wrong;
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; style-src '${digestOf(STYLE)}'; frame-ancestors 'none'`,
    },
    content: document(language, TEXTS[language].notOpened, `<p>${sentence}</p>`),
  };
}

function document(language: Language, title: string, body: string, head = ''): string {
  return `<!doctype html><html lang="${language}"><head><meta charset="utf-8">${head}<title>${title}</title><style>${STYLE}</style></head><body><h1>${title}</h1>${body}</body></html>\n`;
}

function digestOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

const TEXTS = {
  en: {
    title: 'Windows backup',
    button: 'Open',
    notOpened: 'This window was not opened',
    wrong: 'It does not belong to what is open on this PC. Close it and open Windows backup again.',
    late: 'It took too long. Close it and open Windows backup again.',
    usedTwice:
      'Its key was used twice, which only one window may do, so both were closed. Open Windows backup again. If this comes again, tell your IT.',
  },
  de: {
    title: 'Windows-Sicherung',
    button: 'Öffnen',
    notOpened: 'Dieses Fenster wurde nicht geöffnet',
    wrong:
      'Es gehört nicht zu dem, was auf diesem PC offen ist. Schließen Sie es und öffnen Sie die Windows-Sicherung neu.',
    late: 'Es hat zu lange gedauert. Schließen Sie es und öffnen Sie die Windows-Sicherung neu.',
    usedTwice:
      'Sein Schlüssel wurde zweimal benutzt, was nur einem Fenster zusteht; beide wurden geschlossen. Öffnen Sie die Windows-Sicherung neu. Kommt das wieder vor, sagen Sie es Ihrer IT.',
  },
} as const satisfies Record<Language, Record<StartFault | 'title' | 'button' | 'notOpened', string>>;
