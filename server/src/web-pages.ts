/**
 * The admin center's page and its files, as the build left them in web/dist.
 *
 * Open to everyone: the page is the same for all and holds no data; what it shows it asks Graph for, with the person's
 * token. Every address under /admin that no route has is the page's own (its router reads it).
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KnownError } from '@carryover/model/errors';
import { assetAnswer, PAGE_HEADERS, PAGE_LIST, type PageList } from '@carryover/model/page-files';
import { pageContentSecurityPolicy, pageWithNonce } from '@carryover/model/page-policy';
import type { FastifyPluginAsync } from 'fastify';
import type { Access } from './http/caller.ts';

const DIST = join(import.meta.dirname, '..', '..', 'web', 'dist');
const NONCE_BYTES = 18;

const PUBLIC: Access = {
  public: true,
  why: 'a page without data; it asks for what it shows with the token of a person',
};
const OPTIONS = { schema: { hide: true }, config: { access: PUBLIC } };

export interface WebPages {
  /** Where the build is; web/dist unless given. */
  readonly folder?: string;
}

export const webPages: FastifyPluginAsync<WebPages> = async (app, { folder = DIST }) => {
  let reading: Promise<Build> | undefined;
  // Read when first asked for and kept: a new build under a running service does not take files from its pages.
  const build = () => {
    reading ??= readBuild(folder).catch((error: unknown) => {
      reading = undefined;
      throw error;
    });
    return reading;
  };

  for (const url of ['/admin', '/admin/*'])
    app.get(url, OPTIONS, async (_request, reply) => {
      const page = (await build()).page('admin');
      const nonce = Buffer.from(crypto.getRandomValues(new Uint8Array(NONCE_BYTES))).toString('base64');
      return reply
        .headers({ ...PAGE_HEADERS, 'content-security-policy': pageContentSecurityPolicy(nonce) })
        .send(pageWithNonce(page, nonce));
    });

  app.get('/assets/*', OPTIONS, async (request, reply) => {
    const { list, files } = await build();
    const path = request.url.split('?', 1)[0] ?? '';
    const answer = assetAnswer(list, {
      path,
      acceptEncoding: request.headers['accept-encoding'],
      ifNoneMatch: request.headers['if-none-match'],
    });
    if (answer === undefined) throw new KnownError('itemNotFound', 'There is nothing at this address.');
    return reply
      .code(answer.status)
      .headers(answer.headers)
      .send(answer.file === undefined ? undefined : files.get(answer.file));
  });
};

interface Build {
  readonly list: PageList;
  readonly files: ReadonlyMap<string, Buffer>;
  page(name: string): string;
}

/** Errors: KnownError missingPart when the pages were not built. */
async function readBuild(folder: string): Promise<Build> {
  try {
    const list: PageList = JSON.parse(await readFile(join(folder, PAGE_LIST), 'utf8'));
    const names = [
      ...Object.values(list.pages),
      ...Object.values(list.assets).flatMap(({ files }) => Object.values(files)),
    ];
    const files = new Map(
      await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))] as const)),
    );
    return { list, files, page: (name) => files.get(list.pages[name] ?? '')?.toString('utf8') ?? '' };
  } catch (error) {
    throw new KnownError('missingPart', 'The pages are not built. Start the service with ./carryover serve.', {
      cause: error,
    });
  }
}
