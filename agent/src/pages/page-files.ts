/**
 * The built pages: two HTML files and what the build's list names, read from its folder and from nowhere else.
 *
 * They hold nothing about anyone, so that they need no cookie. Every answer carries a nonce of its own.
 */

import { randomBytes } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import { LOCAL_PAGES, type LocalPage } from '@carryover/model/local-pages';
import { assetAnswer, PAGE_HEADERS, PAGE_LIST, type PageList } from '@carryover/model/page-files';
import { pageContentSecurityPolicy, pageWithNonce } from '@carryover/model/page-policy';
import { installedPart } from '../installed.ts';
import type { System } from '../system/system.ts';

export interface PageFile {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Uint8Array | string;
}

const NONCE_BYTES = 18;

/** The file at an address; undefined when there is none. Errors: missingPart when a page was not built. */
export async function pageFileAt(system: System, folder: string, path: string): Promise<PageFile | undefined> {
  const page = LOCAL_PAGES.find((name) => path === `/${name}`);
  if (page !== undefined) return pageFile(await pageTemplate(system, folder, page));
  if (!path.startsWith('/assets/')) return undefined;
  // Loopback is faster than any compression.
  const found = assetAnswer(await listOf(system, folder), { path, acceptEncoding: undefined, ifNoneMatch: undefined });
  const content = found?.file === undefined ? undefined : await installedPart(system, `${folder}/${found.file}`);
  return found === undefined || content === undefined ? undefined : { headers: found.headers, content };
}

/** Errors: missingPart when the pages were not built. */
export async function pageTemplate(system: System, folder: string, page: LocalPage): Promise<string> {
  return built(system, folder, `${page}.html`);
}

async function listOf(system: System, folder: string): Promise<PageList> {
  return JSON.parse(await built(system, folder, PAGE_LIST));
}

async function built(system: System, folder: string, name: string): Promise<string> {
  const bytes = await installedPart(system, `${folder}/${name}`);
  if (bytes === undefined)
    throw new KnownError('missingPart', `The pages are missing in ${folder}. Install carryover again.`);
  return Buffer.from(bytes).toString();
}

function pageFile(template: string): PageFile {
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  return {
    headers: { ...PAGE_HEADERS, 'content-security-policy': pageContentSecurityPolicy(nonce) },
    content: pageWithNonce(template, nonce),
  };
}
