/**
 * A person at a local page, without a browser's window: opens the bootstrap file, keeps the cookie, asks as the page's
 * script does, and follows a sign-in through the organization and back.
 */

import { readFile } from 'node:fs/promises';
import { LOCAL_REQUEST_HEADER } from '@carryover/model/local-pages';
import { asking } from './local-page.ts';
import { browser } from './person-in-browser.ts';

export interface PagePerson {
  ask<Answer>(method: 'GET' | 'POST' | 'PUT', path: string, body?: unknown): Promise<Answer>;
  /** Goes where the page sends its window, and comes back. */
  go(address: string): Promise<void>;
}

export async function pagePerson(file: string): Promise<PagePerson> {
  const html = await readFile(file, 'utf8');
  const [, origin = ''] = /action="([^"]+)\/start"/.exec(html) ?? [];
  const [, key = ''] = /name="token" value="([^"]+)"/.exec(html) ?? [];
  const form = { origin: 'null', 'content-type': 'application/x-www-form-urlencoded' };
  const started = await asking(origin, { method: 'POST', path: '/start', headers: form, body: `token=${key}` });
  const cookie = started.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
  return {
    async ask(method, path, body) {
      const own = { cookie, origin, 'sec-fetch-site': 'same-origin', [LOCAL_REQUEST_HEADER]: 'restore' };
      const headers = body === undefined ? own : { ...own, 'content-type': 'application/json' };
      const asked = { method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
      const { status, text } = await asking(origin, asked);
      if (status >= 400) throw new Error(`${method} ${path}: ${status} ${text}`);
      return (text === '' ? undefined : JSON.parse(text)) as never;
    },
    async go(address) {
      await browser().visit(new URL(address));
    },
  };
}
