/**
 * Sign-in over HTTP: the provider's own addresses, and the pages that it sends people to.
 *
 * The provider sees the host and scheme of PUBLIC_URL whatever a Host header says. Forms carry a token made from the
 * interaction, and a form sent from another site is refused.
 */

import { createHmac, timingSafeEqual } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { Interaction } from 'oidc-provider';
import type { Store } from '../db/command.ts';
import { changePassword, type PasswordChecks } from '../directory/directory.ts';
import { showFaults } from '../http/fault-page.ts';
import { pagePolicy } from '../http/html.ts';
import { addConsent, findApplication } from './applications.ts';
import { DEVICE_CODE_ROUTES, notAllowedAnswer } from './device-code.ts';
import { errors } from './oidc.ts';
import {
  consentPage,
  deviceCodeNotAllowedPage,
  expiredPage,
  type FormShown,
  type Place,
  passwordPage,
  type SignInShown,
  signInPage,
} from './pages.ts';
import type { SignIn, TenantSignIn } from './signin.ts';
import type { TextName } from './texts.ts';

export interface SignInRoutes {
  readonly store: Store;
  readonly signIn: SignIn;
  readonly passwords: PasswordChecks;
  readonly publicUrl: string;
  readonly now: () => Temporal.Instant;
  /** Attempts a minute from one address. */
  readonly signInLimit: number;
}

const PUBLIC = { public: true, why: 'whoever signs in has no token yet' } as const;

interface Params {
  readonly tid: string;
  readonly uid: string;
}

export const signInRoutes: FastifyPluginAsync<SignInRoutes> = async (app, routes) => {
  const { store, signIn, passwords, publicUrl, now } = routes;
  const { host, protocol } = new URL(publicUrl);
  showFaults(app, host);
  const limited = { access: PUBLIC, rateLimit: { max: routes.signInLimit, timeWindow: 60_000 } };

  await app.register(async (provided) => {
    // The provider reads bodies itself.
    provided.removeAllContentTypeParsers();
    provided.addContentTypeParser('*', (_request, _payload, done) => done(null));
    provided.all<{ Params: Params }>(
      '/:tid/v2.0/*',
      { schema: { hide: true }, config: { access: PUBLIC } },
      async (request, reply) => provide(await getTenant(request.params.tid), request, reply),
    );

    // Where a code is asked for and where it is entered: few a minute, so that none is found by trying.
    provided.post<{ Params: Params }>(
      `/:tid/v2.0${DEVICE_CODE_ROUTES.device_authorization}`,
      { schema: { hide: true }, config: limited },
      async (request, reply) => {
        const tenant = await getTenant(request.params.tid);
        if (tenant.deviceCodeAllowed) return provide(tenant, request, reply);
        return reply.code(400).header('cache-control', 'no-store').send(notAllowedAnswer(tenant.organization));
      },
    );
    provided.route<{ Params: Params }>({
      method: ['GET', 'POST'],
      url: `/:tid/v2.0${DEVICE_CODE_ROUTES.code_verification}`,
      schema: { hide: true },
      config: limited,
      handler: async (request, reply) => {
        const tenant = await getTenant(request.params.tid);
        // Without its query: a code is typed, never brought along by a link.
        if (tenant.deviceCodeAllowed) return provide(tenant, request, reply, (request.raw.url ?? '').split('?', 1)[0]);
        const shown = { organization: tenant.organization, host, language: request.headers['accept-language'] };
        return page(reply.code(403), deviceCodeNotAllowedPage(shown));
      },
    });
  });

  /** Hands the request to the organization's provider, which answers it. */
  async function provide(
    { tenantId, provider }: TenantSignIn,
    request: FastifyRequest,
    reply: FastifyReply,
    path = request.raw.url ?? '',
  ): Promise<FastifyReply> {
    dress(request, reply, pagePolicy());
    const { raw } = request;
    Object.assign(raw, { originalUrl: path });
    raw.url = path.slice(`/${tenantId}/v2.0`.length);
    reply.hijack();
    await provider.callback()(raw, reply.raw);
    return reply;
  }

  await app.register(async (pages) => {
    pages.addContentTypeParser(
      'application/x-www-form-urlencoded',
      { parseAs: 'string', bodyLimit: 16_384 },
      (_, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
    );
    const path = '/:tid/v2.0/interaction/:uid';

    /** Shows what the person is asked for now: to sign in, to choose a password, to consent. */
    pages.get<{ Params: Params }>(
      path,
      { schema: { hide: true }, config: { access: PUBLIC } },
      async (request, reply) => {
        const current = await interactionOf(request, reply);
        if (current === undefined) return reply;
        return send(reply, await pageOf(current), current.interaction);
      },
    );

    pages.post<{ Params: Params; Body: Readonly<Record<string, string>> }>(
      `${path}/login`,
      { schema: { hide: true }, config: limited },
      async (request, reply) => {
        const current = await interactionOf(request, reply);
        if (current === undefined) return reply;
        const { userName = '', password = '' } = request.body;
        const again = (error: SignInShown['error']) =>
          send(
            reply.code(error?.name === 'busy' ? 429 : 401),
            signInPage({ ...current.shown, userName, ...(error && { error }) }),
            current.interaction,
          );
        try {
          const attempt = await passwords.attempt(current.tenant.tenantId, userName, password);
          request.log.info({ tenant: current.tenant.tenantId, outcome: attempt.kind }, 'sign-in');
          switch (attempt.kind) {
            case 'right':
              return finish(current, request, reply, { login: { accountId: attempt.userId, amr: ['pwd'] } });
            case 'wrong':
              return again({ name: 'wrong' });
            case 'locked':
              return again({ name: 'locked', until: attempt.until });
          }
        } catch (error) {
          if (error instanceof KnownError && error.code === 'tooManyRequests') return again({ name: 'busy' });
          throw error;
        }
      },
    );

    pages.post<{ Params: Params; Body: Readonly<Record<string, string>> }>(
      `${path}/password`,
      { schema: { hide: true }, config: limited },
      async (request, reply) => {
        const current = await interactionOf(request, reply);
        if (current === undefined) return reply;
        const again = (error: TextName) =>
          send(reply.code(400), passwordPage({ ...current.shown, error }), current.interaction);
        const userId = current.interaction.session?.accountId;
        if (userId === undefined || current.interaction.prompt.name !== 'password')
          return over(request, reply, current.shown);
        const { newPassword = '', repeatPassword = '' } = request.body;
        if (newPassword !== repeatPassword) return again('notTheSame');
        try {
          await changePassword(store, { tenantId: current.tenant.tenantId, userId }, newPassword, now());
        } catch (error) {
          const name = PASSWORD_FAULTS.find((one) => error instanceof KnownError && error.inner === one);
          if (name === undefined) throw error;
          return again(name);
        }
        return finish(current, request, reply, { password: {} });
      },
    );

    pages.post<{ Params: Params; Body: Readonly<Record<string, string>> }>(
      `${path}/consent`,
      { schema: { hide: true }, config: { access: PUBLIC } },
      async (request, reply) => {
        const current = await interactionOf(request, reply);
        if (current === undefined) return reply;
        const { interaction, tenant } = current;
        const userId = interaction.session?.accountId;
        if (userId === undefined || interaction.prompt.name !== 'consent') return over(request, reply, current.shown);
        const owner = { tenantId: tenant.tenantId, userId };
        await store.write(addConsent, owner, clientIdOf(interaction), scopesOf(interaction), now().epochMilliseconds);
        return finish(current, request, reply, { consent: {} });
      },
    );

    pages.post<{ Params: Params; Body: Readonly<Record<string, string>> }>(
      `${path}/cancel`,
      { schema: { hide: true }, config: { access: PUBLIC } },
      async (request, reply) => {
        const current = await interactionOf(request, reply);
        if (current === undefined) return reply;
        return finish(current, request, reply, {
          error: 'access_denied',
          error_description: 'the person cancelled the sign-in',
        });
      },
    );
  });

  interface Current {
    readonly tenant: TenantSignIn;
    readonly interaction: Interaction;
    readonly shown: FormShown;
  }

  /** Undefined when it is over; the page that says so was sent. */
  async function interactionOf(
    request: FastifyRequest<{ Params: Params }>,
    reply: FastifyReply,
  ): Promise<Current | undefined> {
    const tenant = await getTenant(request.params.tid);
    dress(request, reply, pagePolicy());
    const place: Place = { organization: tenant.organization, host, language: request.headers['accept-language'] };
    const interaction = await tenant.provider.interactionDetails(request.raw, reply.raw).catch((error: unknown) => {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    });
    if (interaction === undefined || interaction.uid !== request.params.uid) {
      await over(request, reply, place);
      return undefined;
    }
    const token = createHmac('sha256', tenant.signingKeys.formSecret).update(interaction.uid).digest('hex');
    if (request.method === 'POST' && !isOurForm(request, token)) {
      await over(request, reply, place);
      return undefined;
    }
    const client = await clientNameOf(tenant, interaction);
    const path = `/${tenant.tenantId}/v2.0/interaction/${interaction.uid}`;
    return { tenant, interaction, shown: { ...place, path, token, client } };
  }

  async function pageOf({ interaction, shown, tenant }: Current): Promise<string> {
    switch (interaction.prompt.name) {
      case 'password':
        return passwordPage(shown);
      case 'consent':
        return consentPage({ ...shown, scopes: scopesOf(interaction) });
      default: {
        const hint = interaction.params['login_hint'];
        return signInPage({ ...shown, ...(typeof hint === 'string' && tenant ? { userName: hint } : {}) });
      }
    }
  }

  function isOurForm(request: FastifyRequest, token: string): boolean {
    const { origin } = request.headers;
    if (origin !== undefined && origin !== publicUrl) return false;
    const sent = Buffer.from((request.body as { token?: string } | undefined)?.token ?? '');
    return sent.length === token.length && timingSafeEqual(sent, Buffer.from(token));
  }

  async function finish(
    { tenant }: Current,
    request: FastifyRequest,
    reply: FastifyReply,
    result: Parameters<TenantSignIn['provider']['interactionFinished']>[2],
  ): Promise<FastifyReply> {
    reply.hijack();
    await tenant.provider.interactionFinished(request.raw, reply.raw, result);
    return reply;
  }

  function over(_request: FastifyRequest, reply: FastifyReply, place: Place): FastifyReply {
    return page(reply.code(400), expiredPage(place));
  }

  /** A page that leads nowhere else. */
  function page(reply: FastifyReply, body: string): FastifyReply {
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', pagePolicy())
      .send(body);
  }

  function send(reply: FastifyReply, body: string, interaction: Interaction): FastifyReply {
    const target = URL.parse(String(interaction.params['redirect_uri'] ?? ''));
    return reply
      .type('text/html; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('content-security-policy', pagePolicy(target === null || target.origin === 'null' ? [] : [target.origin]))
      .send(body);
  }

  async function getTenant(tenantId: string): Promise<TenantSignIn> {
    const tenant = await signIn.find(tenantId);
    if (tenant === undefined) throw new KnownError('itemNotFound', 'There is no such organization here.');
    return tenant;
  }

  async function clientNameOf(tenant: TenantSignIn, interaction: Interaction): Promise<string> {
    const clientId = clientIdOf(interaction);
    const known = await tenant.provider.Client.find(clientId);
    return known?.clientName ?? (await findApplication(store, tenant.tenantId, clientId))?.displayName ?? clientId;
  }

  /** Host and scheme as clients see them; headers for what the provider answers past Fastify. */
  function dress(request: FastifyRequest, reply: FastifyReply, policy: string): void {
    const { headers } = request.raw;
    headers.host = host;
    headers['x-forwarded-host'] = host;
    headers['x-forwarded-proto'] = protocol.slice(0, -1);
    headers['x-forwarded-for'] = request.ip;
    for (const [name, value] of Object.entries(reply.getHeaders()))
      if (value !== undefined) reply.raw.setHeader(name, value);
    reply.raw.setHeader('content-security-policy', policy);
    reply.raw.setHeader('referrer-policy', 'same-origin');
  }
};

const PASSWORD_FAULTS = ['passwordLength', 'passwordIsName', 'passwordSame'] as const satisfies readonly TextName[];

function clientIdOf(interaction: Interaction): string {
  return String(interaction.params['client_id']);
}

/** What consent is asked for: what was not granted before. */
function scopesOf(interaction: Interaction): string[] {
  const { missingOIDCScope, missingResourceScopes } = interaction.prompt.details as {
    missingOIDCScope?: readonly string[];
    missingResourceScopes?: Readonly<Record<string, readonly string[]>>;
  };
  return [...(missingOIDCScope ?? []), ...Object.values(missingResourceScopes ?? {}).flat()];
}
