/**
 * A fault as a person sees it: a page that says what to do, where a program gets the same fault as JSON (errors.ts).
 *
 * It names no organization: what went wrong may be that there is none.
 */

import { ERRORS, KnownError } from '@carryover/model/errors';
import type { Language } from '@carryover/model/reasons';
import type { FastifyError, FastifyInstance } from 'fastify';
import { html, languageFrom, page, pagePolicy } from './html.ts';

const TEXTS = {
  tooManyRequests: {
    en: { title: 'Too many attempts', text: 'Wait a minute, then go back and try again' },
    de: {
      title: 'Zu viele Versuche',
      text: 'Warten Sie eine Minute, gehen Sie dann zurück und versuchen Sie es erneut',
    },
  },
  itemNotFound: {
    en: { title: 'There is no such organization here', text: 'Ask your IT for the right address' },
    de: { title: 'Diese Organisation gibt es hier nicht', text: 'Fragen Sie Ihre IT nach der richtigen Adresse' },
  },
  other: {
    en: { title: 'This did not work', text: 'Go back and try again. If it happens again, show this to your IT:' },
    de: {
      title: 'Das hat nicht geklappt',
      text: 'Gehen Sie zurück und versuchen Sie es erneut. Geschieht es wieder, zeigen Sie dies Ihrer IT:',
    },
  },
} as const satisfies Record<string, Record<Language, { title: string; text: string }>>;

/** Answers browsers with pages where a route of `app` throws. Whoever does not ask for HTML is answered as before. */
export function showFaults(app: FastifyInstance, host: string): void {
  app.setErrorHandler((error: FastifyError | KnownError, request, reply) => {
    if (request.headers.accept?.includes('text/html') !== true) throw error;
    const status = statusOf(error);
    if (status === 500) request.log.error({ err: error }, 'a fault of the service');
    const language = languageFrom(request.headers['accept-language']);
    const { title, text } = TEXTS[nameOf(error)][language];
    const told = nameOf(error) === 'other' ? html`<ul><li><code>${request.id}</code></li></ul>` : html``;
    return reply
      .code(status)
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', pagePolicy())
      .send(page({ language, title, organization: undefined, host, body: html`<p>${text}</p>${told}` }));
  });
}

function statusOf(error: FastifyError | KnownError): number {
  if (error instanceof KnownError) return ERRORS[error.code].status;
  const { statusCode = 500 } = error;
  return statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}

function nameOf(error: FastifyError | KnownError): keyof typeof TEXTS {
  const { code } = error;
  return error instanceof KnownError && (code === 'tooManyRequests' || code === 'itemNotFound') ? code : 'other';
}
