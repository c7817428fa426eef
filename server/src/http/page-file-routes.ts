/** Serves the files that server-made pages load. Whoever has an address of one has its content; it never changes. */

import { KnownError } from '@carryover/model/errors';
import type { FastifyInstance } from 'fastify';
import { PAGE_FILES_PATH, pageFiles } from '../page-files.ts';

const PUBLIC = { public: true, why: 'the look of the pages, the same for everyone' } as const;

/** Errors at the address: itemNotFound, also for a file of another release. */
export function servePageFiles(app: FastifyInstance): void {
  const files = new Map(Object.values(pageFiles()).map((file) => [file.path, file]));
  app.get<{ Params: { name: string } }>(
    `${PAGE_FILES_PATH}:name`,
    { schema: { hide: true }, config: { access: PUBLIC } },
    async ({ params }, reply) => {
      const file = files.get(`${PAGE_FILES_PATH}${params.name}`);
      if (file === undefined) throw new KnownError('itemNotFound', 'There is no such file. Load the page again.');
      return reply.type(file.type).header('cache-control', 'public, max-age=31536000, immutable').send(file.body);
    },
  );
}
