/**
 * The address on this device that a sign-in in the browser comes back to: one answer, then it is gone.
 *
 * Only a return with the right `state` counts; anything else that knocks (an old tab, another program) is refused and
 * waited past. Source: RFC 8252, section 7.3.
 */

import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KnownError } from '@carryover/model/errors';
import type { Language } from '@carryover/model/reasons';
import { LOOPBACK_REDIRECT } from '@carryover/model/wire';

export interface Loopback extends AsyncDisposable {
  /** What the sign-in is told to come back to. */
  readonly redirectUri: string;
  /** The address it came back with. Errors: unauthenticated, inner "signInTimeout". */
  readonly returned: Promise<URL>;
}

export interface LoopbackOptions {
  readonly state: string;
  readonly language: Language;
  readonly timeoutMs: number;
}

export async function openLoopback({ state, language, timeoutMs }: LoopbackOptions): Promise<Loopback> {
  const { promise: returned, resolve, reject } = Promise.withResolvers<URL>();
  // Nobody may be waiting yet, or any more, when the time is over.
  returned.catch(() => undefined);
  const redirect = new URL(LOOPBACK_REDIRECT);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', redirect);
    const isReturn = request.method === 'GET' && url.pathname === redirect.pathname;
    if (!isReturn || url.searchParams.get('state') !== state) return page(response, 404, TEXTS.notThis[language]);
    page(response, 200, url.searchParams.has('error') ? TEXTS.refused[language] : TEXTS.done[language]);
    resolve(url);
  });
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, redirect.hostname, listening);
  });
  redirect.port = String((server.address() as AddressInfo).port);
  const timer = setTimeout(() => reject(timedOut(timeoutMs)), timeoutMs);
  return {
    redirectUri: redirect.href,
    returned,
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await new Promise<void>((closed) => {
        server.close(() => closed());
        server.closeIdleConnections();
      });
    },
  };
}

const TEXTS = {
  done: {
    en: ['You are signed in', 'You can close this page and go back to Carryover.'],
    de: ['Sie sind angemeldet', 'Sie können diese Seite schließen und zu Carryover zurückkehren.'],
  },
  refused: {
    en: ['You are not signed in', 'Close this page. Carryover says why and what to do.'],
    de: ['Sie sind nicht angemeldet', 'Schließen Sie diese Seite. Carryover sagt, warum und was zu tun ist.'],
  },
  notThis: {
    en: ['Nothing to see here', 'This address belongs to a sign-in that is not yours or is over.'],
    de: ['Hier gibt es nichts', 'Diese Adresse gehört zu einer anderen oder beendeten Anmeldung.'],
  },
} as const satisfies Record<string, Record<Language, readonly [string, string]>>;

const STYLE =
  'body{font:16px/1.5 "Segoe UI",system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em;color-scheme:light dark}h1{font-size:1.5em}';

function page(response: ServerResponse, status: number, [title, sentence]: readonly [string, string]): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    connection: 'close',
  });
  response.end(
    `<!doctype html><html><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head><body><h1>${title}</h1><p>${sentence}</p></body></html>`,
  );
}

function timedOut(timeoutMs: number): KnownError {
  const minutes = Math.max(1, Math.round(timeoutMs / 60_000));
  return new KnownError(
    'unauthenticated',
    `Nobody signed in within ${minutes} min. Run the command again to try once more.`,
    {
      inner: 'signInTimeout',
    },
  );
}
