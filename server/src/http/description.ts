/**
 * The description of the API, made from the routes: /openapi.json, and readable at /openapi.
 *
 * The readable page loads nothing from elsewhere: its script comes with the package, and its policy names the digest of
 * the one inline script that starts it.
 */

import { hash } from 'node:crypto';
import swagger from '@fastify/swagger';
import scalar from '@scalar/fastify-api-reference';
import type { FastifyInstance } from 'fastify';
import type { Access } from './caller.ts';

const PUBLIC: Access = { public: true, why: 'the description holds no data' };

export async function describeApi(app: FastifyInstance, publicUrl: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'Carryover', version: '1', description: 'Device API, Graph and what Graph lacks.' },
      servers: [{ url: publicUrl }],
    },
    // Uploads take bytes; what is in them is described in model/parts.ts.
    hideUntagged: false,
  });

  app.get('/openapi.json', { schema: { hide: true }, config: { access: PUBLIC } }, async () => app.swagger());

  await app.register(async (readable) => {
    readable.addHook('onRoute', (route) => {
      route.config = { ...route.config, access: PUBLIC };
    });
    readable.addHook('onSend', async (_request, reply, payload) => {
      if (typeof payload === 'string' && String(reply.getHeader('content-type')).startsWith('text/html'))
        reply.header('content-security-policy', policyOf(payload));
      return payload;
    });
    await readable.register(scalar, {
      routePrefix: '/openapi',
      configuration: {
        url: '/openapi.json',
        pageTitle: 'Carryover API',
        withDefaultFonts: false,
        telemetry: false,
        hideClientButton: true,
      },
    });
  });
}

function policyOf(page: string): string {
  const inline = [...page.matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${hash('sha256', script, 'base64')}'`,
  );
  return [
    "default-src 'none'",
    `script-src 'self' ${inline.join(' ')}`,
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}
