/** Serves the files that server-made pages load. Whoever has an address of one has its content; it never changes. */

import type { FastifyInstance } from 'fastify';
import { pageFiles } from '../page-files.ts';

const PUBLIC = { public: true, why: 'the look of the pages, the same for everyone' } as const;

export function servePageFiles(app: FastifyInstance): void {
  for (const { path, type, body } of Object.values(pageFiles()))
    app.get(path, { schema: { hide: true }, config: { access: PUBLIC } }, async (_request, reply) =>
      reply.type(type).header('cache-control', 'public, max-age=31536000, immutable').send(body),
    );
}
