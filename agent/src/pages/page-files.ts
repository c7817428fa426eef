/**
 * The built pages: two HTML files and what they load, read from the folder of the build and from nowhere else.
 *
 * They hold nothing about anyone, so that they need no cookie. Every answer carries a nonce of its own.
 */

import { randomBytes } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import { LOCAL_PAGES, type LocalPage } from '@carryover/model/local-pages';
import { pageContentSecurityPolicy, pageWithNonce } from '@carryover/model/page-policy';
import type { System } from '../system/system.ts';

export interface PageFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Uint8Array | string;
}

const NONCE_BYTES = 18;

/** Names that a build makes, with a digest in them: one segment, never a hidden file. */
const ASSET = /^\/assets\/(\w[\w-]*(?:\.[\w-]+)*\.(\w+))$/;

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  png: 'image/png',
  webp: 'image/webp',
  woff2: 'font/woff2',
};

/** The file at an address; undefined when there is none. Errors: missingPart when a page was not built. */
export async function pageFileAt(system: System, folder: string, path: string): Promise<PageFile | undefined> {
  const page = LOCAL_PAGES.find((name) => path === `/${name}`);
  if (page !== undefined) return pageFile(await pageTemplate(system, folder, page));
  const [, name, extension = ''] = ASSET.exec(path) ?? [];
  const type = TYPES[extension];
  if (name === undefined || type === undefined) return undefined;
  const content = await system.readFile(`${folder}/assets/${name}`);
  if (content === undefined) return undefined;
  return { headers: { 'content-type': type, 'cache-control': 'private, max-age=31536000, immutable' }, content };
}

/** Errors: missingPart when the pages were not built. */
export async function pageTemplate(system: System, folder: string, page: LocalPage): Promise<string> {
  const bytes = await system.readFile(`${folder}/${page}.html`);
  if (bytes === undefined)
    throw new KnownError('missingPart', `The pages are missing in ${folder}. Install carryover again.`);
  return Buffer.from(bytes).toString();
}

function pageFile(template: string): PageFile {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  return {
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': pageContentSecurityPolicy(nonce),
    },
    content: pageWithNonce(template, nonce),
  };
}
