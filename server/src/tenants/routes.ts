/**
 * Setting up an organization: a page that works without JavaScript, and the same as JSON.
 *
 * Open to whoever has a set-up code; the code is checked, limited per address, and spent by success only.
 */

import type { SignInPlace } from '@carryover/model/admin';
import { KnownError } from '@carryover/model/errors';
import type { Served } from '@carryover/model/place';
import { CLIENTS } from '@carryover/model/wire';
import type { FastifyPluginAsync } from 'fastify';
import type { Store } from '../db/command.ts';
import { showFaults } from '../http/fault-page.ts';
import { pagePolicy } from '../http/html.ts';
import { enrollPage, setupDonePage, setupPage } from './pages.ts';
import { type Founding, found, getTenant, getTenantToSignInTo } from './tenants.ts';

export interface SetupRoutes {
  readonly store: Store;
  readonly publicUrl: string;
  readonly served: Served;
  readonly now: () => Temporal.Instant;
  /** Attempts a minute from one address. */
  readonly signInLimit: number;
  /** SHA-256 of the public key of the authority behind our certificate, hex; for enrollment links. */
  readonly pin: string | undefined;
}

const PUBLIC = { public: true, why: 'asks for a set-up code' } as const;

type Form = Readonly<Record<string, unknown>>;

export const setupRoutes: FastifyPluginAsync<SetupRoutes> = async (app, routes) => {
  const { store, publicUrl, served, now } = routes;
  const { host } = new URL(publicUrl);
  showFaults(app, host);
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 16_384 },
    (_, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.addHook('onRequest', async (_request, reply) => {
    reply.header('content-security-policy', pagePolicy()).header('cache-control', 'no-store');
  });

  app.get('/admin/setup', { schema: { hide: true }, config: { access: PUBLIC } }, async (request, reply) => {
    const language = request.headers['accept-language'];
    return reply.type('text/html; charset=utf-8').send(setupPage({ language, host }));
  });

  /**
   * Which organization to sign in to, by the domain of a user name: never by the name, so that no answer tells whether an
   * account exists. Without a domain: the only organization. Errors: itemNotFound (noOrganization, organizationUnknown).
   */
  app.get<{ Querystring: { domain?: string } }>(
    '/admin/organization',
    {
      schema: {
        querystring: {
          type: 'object',
          properties: { domain: { type: 'string', maxLength: 255, description: 'What stands behind the @.' } },
        },
      },
      config: {
        access: { public: true, why: 'whoever signs in has no token yet; it knows domains and no accounts' },
        rateLimit: { max: routes.signInLimit, timeWindow: 60_000 },
      },
    },
    async (request): Promise<SignInPlace> => {
      const { tenantId, name } = await getTenantToSignInTo(store, request.query.domain);
      return {
        tenantId,
        displayName: name,
        issuer: `${publicUrl}/${tenantId}/v2.0`,
        clientId: CLIENTS.adminCenter,
        redirectUri: `${publicUrl}/admin`,
        enrollmentLink: linkOf(tenantId),
      };
    },
  );

  /** What the link says when it is opened in a browser instead of given to the program. */
  app.get<{ Params: { tid: string } }>(
    '/enroll/:tid',
    { schema: { hide: true }, config: { access: { public: true, why: 'says what to do with an enrollment link' } } },
    async (request, reply) => {
      const { tenantId, name } = await getTenant(store, request.params.tid);
      const shown = { language: request.headers['accept-language'], host, organization: name, link: linkOf(tenantId) };
      return reply.type('text/html; charset=utf-8').send(enrollPage(shown));
    },
  );

  app.post<{ Body: Form }>(
    '/admin/setup',
    { config: { access: PUBLIC, rateLimit: { max: routes.signInLimit, timeWindow: 60_000 } } },
    async (request, reply) => {
      const language = request.headers['accept-language'];
      const isForm = request.headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true;
      const { origin } = request.headers;
      if (origin !== undefined && origin !== publicUrl)
        throw new KnownError('accessDenied', 'This form was sent from another site.', { inner: 'origin' });
      const founding = foundingFrom(request.body ?? {});
      try {
        const made = await found(store, founding, { served, now: now() });
        request.log.info({ tenant: made.tenantId }, 'an organization was set up');
        const issuer = `${publicUrl}/${made.tenantId}/v2.0`;
        reply.code(201);
        if (!isForm)
          return reply.send({ ...made, organization: founding.organization, issuer, link: linkOf(made.tenantId) });
        const shown = { language, host, organization: founding.organization, link: linkOf(made.tenantId), issuer };
        return reply.type('text/html; charset=utf-8').send(setupDonePage(shown));
      } catch (error) {
        if (!isForm || !(error instanceof KnownError)) throw error;
        return reply
          .code(400)
          .type('text/html; charset=utf-8')
          .send(setupPage({ language, host, filled: founding, fault: error.inner ?? error.code }));
      }
    },
  );

  function linkOf(tenantId: string): string {
    return `${publicUrl}/enroll/${tenantId}${routes.pin === undefined ? '' : `#pin=${routes.pin}`}`;
  }
};

function foundingFrom(form: Form): Founding {
  const text = (name: keyof Founding) => (typeof form[name] === 'string' ? (form[name] as string) : '');
  const [cloud, region] = [text('cloud').trim(), text('region').trim()];
  return {
    ...(cloud === '' ? {} : { cloud }),
    ...(region === '' ? {} : { region }),
    code: text('code'),
    organization: text('organization'),
    userPrincipalName: text('userPrincipalName'),
    displayName: text('displayName'),
    password: text('password'),
  };
}
