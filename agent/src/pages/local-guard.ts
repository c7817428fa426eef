/**
 * Who may ask the loopback server for what. Every check refuses by itself; none relies on another.
 *
 * The dangers: another user of this device; a web page in the person's browser (by forms, pictures, frames, scripts,
 * sockets, or a name that suddenly means 127.0.0.1); another server on this device that the browser takes for the same
 * site, because a site has no port; somebody who found the bootstrap file.
 *
 * Source: Fetch Metadata Request Headers (W3C); RFC 6265bis, section 5.6; docs/decisions/2026-11-25-loopback-pages.md.
 */

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { KnownError } from '@carryover/model/errors';
import { LOCAL_REQUEST_HEADER } from '@carryover/model/local-pages';

/** 256 bits: nobody guesses it. */
const SECRET_BYTES = 32;

export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** In constant time, whatever the length. */
export function isSameSecret(given: string, secret: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(secret));
}

export interface Place {
  /** 127.0.0.1:port. */
  readonly host: string;
  /** http://127.0.0.1:port. */
  readonly origin: string;
}

/** For every request. Errors: accessDenied, inner "wrongHost": asked under another name, the browser was led here. */
export function mustNameThisServer({ headers, headersDistinct, url }: IncomingMessage, { host }: Place): void {
  const oneHost = headersDistinct['host']?.length === 1 && headers.host === host;
  if (!oneHost || url?.startsWith('/') !== true) throw refused('wrongHost', 'This address is not answered here.');
}

/**
 * For pages and what they load: a page in a window of its own, or what that page asks for itself.
 *
 * Errors: accessDenied, inner "wrongOrigin". A browser too old to say is let through: there is nothing about anyone in them.
 */
export function mustBeOwnWindow({ headers }: IncomingMessage, kind: 'page' | 'asset'): void {
  const [site, mode, destination] = ['site', 'mode', 'dest'].map((name) => headers[`sec-fetch-${name}`]);
  if (site === undefined) return;
  const fine =
    kind === 'page' ? mode === 'navigate' && destination === 'document' : site === 'same-origin' || site === 'none';
  if (!fine) throw refused('wrongOrigin', NOT_THIS_PAGE);
}

/**
 * For everything under /api: the page's own script, with the cookie.
 *
 * Errors: accessDenied, inner "wrongOrigin"; unauthenticated, inner "noLocalSession", when the cookie is not this server's.
 */
export function mustBeOwnPage(request: IncomingMessage, { origin }: Place, cookie: Cookie | undefined): void {
  const { headers, headersDistinct, method } = request;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') throw refused('wrongOrigin', NOT_THIS_PAGE);
  if (headers[LOCAL_REQUEST_HEADER] === undefined) throw refused('wrongOrigin', NOT_THIS_PAGE);
  // Browsers send it with every change, and with a look from elsewhere.
  const from = headersDistinct['origin'];
  const isChange = method !== 'GET';
  if ((isChange || from !== undefined) && (from?.length !== 1 || from[0] !== origin))
    throw refused('wrongOrigin', NOT_THIS_PAGE);
  if (cookie === undefined || !isSameSecret(cookieFrom(headers.cookie, cookie.name), cookie.value))
    throw new KnownError('unauthenticated', 'This window has no connection to this PC any more. Open it again.', {
      inner: 'noLocalSession',
    });
}

/** For the form of the bootstrap file: a whole window goes there, from a file. Errors: accessDenied, inner "wrongOrigin". */
export function mustBeBootstrap({ headers }: IncomingMessage, { origin }: Place): void {
  const { origin: from } = headers;
  const fromFile = from === undefined || from === 'null' || from === origin;
  const mode = headers['sec-fetch-mode'] ?? 'navigate';
  const destination = headers['sec-fetch-dest'] ?? 'document';
  if (!fromFile || mode !== 'navigate' || destination !== 'document') throw refused('wrongOrigin', NOT_THIS_PAGE);
}

export interface Cookie {
  readonly name: string;
  readonly value: string;
}

/** A cookie has no port: the port in its name keeps two windows of one person apart. */
export function newCookie(port: number): Cookie {
  return { name: `carryover-${port}`, value: newSecret() };
}

/** Goes with the window, is out of scripts' reach and never sent along by another site's page. */
export function setCookie({ name, value }: Cookie): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict`;
}

function cookieFrom(header: string | undefined, name: string): string {
  for (const pair of (header ?? '').split(';')) {
    const [key, value] = pair.trim().split('=', 2);
    if (key === name) return value ?? '';
  }
  return '';
}

const NOT_THIS_PAGE = 'Only a page of this server may ask for this.';

function refused(inner: string, sentence: string): KnownError {
  return new KnownError('accessDenied', sentence, { inner });
}
