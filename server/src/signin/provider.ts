/**
 * The OpenID provider of one organization: code with PKCE, refresh, logout; tokens for our resources.
 *
 * - Our clients need no consent; a client that the organization registered does, once.
 * - Device clients get tokens bound to their key. Their refresh token stays the same (a crash between a rotation and its
 *   saving must not look like theft) and lives for 180 days from its last use. Bearer clients' tokens rotate.
 * - A person whose password was reset must choose a new one before any code is given.
 * - A code on another device is there where the organization allows it, for backups only (device-code.ts).
 *
 * Source: RFC 6749, 7636, 8707, 9068, 9449, 9700; server-figures section 5; docs/decisions/2026-11-25-refresh-tokens.md.
 */

import type { Configuration, KoaContextWithOIDC, Provider as OidcProvider } from 'oidc-provider';
import type { Store } from '../db/command.ts';
import { getPerson, type User } from '../directory/directory.ts';
import { findApplication, findConsent } from './applications.ts';
import { firstPartyClients, indicatorsOf, isFirstParty, isInBrowser, metadataOf, resourceFor } from './clients.ts';
import {
  DEVICE_CODE_ROUTES,
  DEVICE_CODE_TTL,
  deviceFlow,
  isByDeviceCode,
  isForBackup,
  tidyAnswers,
} from './device-code.ts';
import { errors, interactionPolicy, Provider } from './oidc.ts';
import { errorPage, loggedOutPage, logoutPage } from './pages.ts';
import { recordsOf } from './records.ts';
import type { SigningKeys } from './signing-keys.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Seconds. A backup every 8 days, and half a year of holidays. */
const REFRESH_TTL = 180 * DAY;
/** A browser's session, and with it the sign-in of the admin center. */
const SESSION_TTL = 12 * HOUR;
/** How long a token of the admin center works after its person signed out or was disabled elsewhere. */
const BROWSER_TOKEN_TTL = 15 * MINUTE;
/** A refresh token in use is prolonged once a day, not with every use: each time is a write. */
const PROLONG_AFTER = DAY;

export interface ProviderSetup {
  readonly store: Store;
  readonly publicUrl: string;
  readonly tenantId: string;
  readonly organization: string;
  readonly signingKeys: SigningKeys;
  readonly deviceCodeAllowed: boolean;
  readonly now: () => Temporal.Instant;
}

export function createProvider(setup: ProviderSetup): OidcProvider {
  const { store, publicUrl, tenantId, organization, signingKeys, deviceCodeAllowed, now } = setup;
  const issuerPath = `/${tenantId}/v2.0`;
  const place = { organization, host: new URL(publicUrl).host };

  const configuration: Configuration = {
    adapter: (model: string) => (model === 'Client' ? clientsOf(setup) : recordsOf(store, { tenantId, model }, now)),
    clients: firstPartyClients(deviceCodeAllowed, publicUrl),
    clientDefaults: { id_token_signed_response_alg: 'ES256', token_endpoint_auth_method: 'none' },
    clientAuthMethods: ['none'],
    responseTypes: ['code'],
    subjectTypes: ['public'],
    scopes: ['openid', 'offline_access', 'profile'],
    claims: { openid: ['sub', 'oid', 'tid'], profile: ['name', 'preferred_username'] },
    conformIdTokenClaims: false,
    jwks: { keys: signingKeys.jwks.map((jwk) => ({ ...jwk })) as never },
    pkce: { required: () => true },
    enabledJWA: { idTokenSigningAlgValues: ['ES256'], dPoPSigningAlgValues: ['ES256'] },
    cookies: {
      keys: [...signingKeys.cookieKeys],
      names: { session: 'carryover_session', interaction: 'carryover_signin', resume: 'carryover_resume' },
      long: { httpOnly: true, sameSite: 'lax', signed: true, path: issuerPath },
      short: { httpOnly: true, sameSite: 'lax', signed: true },
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      jwks: '/keys',
      end_session: '/logout',
      revocation: '/revoke',
      ...DEVICE_CODE_ROUTES,
    },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      revocation: { enabled: true, allowedPolicy: async (_, client, token) => token.clientId === client.clientId },
      dPoP: { enabled: true, nonceSecret: signingKeys.nonceSecret, requireNonce: () => false },
      deviceFlow: deviceFlow(place, deviceCodeAllowed),
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: async (ctx, form) => {
          ctx.body = logoutPage({ ...place, language: ctx.get('accept-language') }, form);
        },
        postLogoutSuccessSource: async (ctx) => {
          ctx.body = loggedOutPage({ ...place, language: ctx.get('accept-language') });
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async (ctx, client, oneOf) => {
          const [first = ''] = oneOf ?? [];
          if (oneOf !== undefined) return first;
          const all = indicatorsOf(client.clientId);
          return isByDeviceCode(ctx) ? all.filter(isForBackup) : all;
        },
        useGrantedResource: async () => true,
        getResourceServerInfo: async (ctx, indicator, client) => {
          if (isByDeviceCode(ctx) && !isForBackup(indicator))
            throw new errors.InvalidTarget('a code on another device is for backups only');
          const resource = resourceFor(client.clientId, indicator);
          if (resource === undefined)
            throw new errors.InvalidTarget('this client has nothing to do with this resource');
          return {
            audience: resource.audience,
            scope: resource.scopes.join(' '),
            accessTokenFormat: 'jwt',
            accessTokenTTL: isInBrowser(client.clientId) ? BROWSER_TOKEN_TTL : HOUR,
            jwt: { sign: { alg: 'ES256' } },
          };
        },
      },
    },
    ttl: {
      AccessToken: (_, token) => token.resourceServer?.accessTokenTTL ?? HOUR,
      AuthorizationCode: MINUTE,
      DeviceCode: DEVICE_CODE_TTL,
      Grant: REFRESH_TTL,
      IdToken: HOUR,
      Interaction: 30 * MINUTE,
      RefreshToken: (_, token, client) =>
        isInBrowser(client?.clientId ?? token.clientId ?? '') ? SESSION_TTL : REFRESH_TTL,
      Session: SESSION_TTL,
    },
    extraTokenClaims: async (_, token) => ({
      tid: tenantId,
      oid: 'accountId' in token ? token.accountId : undefined,
      scp: token.scope,
      ver: '2.0',
    }),
    findAccount: async (_, userId) => {
      const user = await getPerson(store, { tenantId, userId }).catch(() => undefined);
      if (user === undefined || !user.accountEnabled) return undefined;
      return { accountId: userId, claims: async () => claimsOf(user), mustChangePassword: user.mustChangePassword };
    },
    issueRefreshToken: async (_, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (client.dpopBoundAccessTokens === true || isInBrowser(client.clientId) || source.scopes.has('offline_access')),
    // Signing out in a browser ends the admin center's sign-in and no device's.
    expiresWithSession: async (_, source) => isInBrowser(source.clientId ?? ''),
    // The admin center comes from here and asks from its page; browsers then send an Origin.
    clientBasedCORS: (_, origin, client) => isInBrowser(client.clientId) && origin === new URL(publicUrl).origin,
    rotateRefreshToken: prolongOrRotate,
    loadExistingGrant: (ctx) => grantFor(setup, ctx),
    interactions: {
      policy: prompts(),
      url: async (_, interaction) => `${issuerPath}/interaction/${interaction.uid}`,
    },
    renderError: async (ctx, out) => {
      ctx.type = 'html';
      ctx.body = errorPage({ ...place, language: ctx.get('accept-language') }, out);
    },
  };

  const provider = new Provider(`${publicUrl}${issuerPath}`, configuration);
  // Host and scheme are set from PUBLIC_URL before a request gets here (routes.ts).
  provider.proxy = true;
  tidyAnswers(provider, organization);
  return provider;
}

/** Asks in this order: sign in, choose a new password, consent. */
function prompts() {
  const policy = interactionPolicy.base();
  const { Check, Prompt } = interactionPolicy;
  policy.add(
    new Prompt(
      { name: 'password', requestable: false },
      new Check('password_reset', 'a new password must be chosen', 'interaction_required', (ctx) => {
        return (ctx.oidc.account as { mustChangePassword?: boolean } | undefined)?.mustChangePassword === true
          ? Check.REQUEST_PROMPT
          : Check.NO_NEED_TO_PROMPT;
      }),
    ),
    1,
  );
  const consent = policy.get('consent')?.checks;
  // Native or not, one consent of a person for one client is enough.
  consent?.remove('native_client_prompt');
  // "prompt=consent" is how clients ask for a refresh token (OpenID Connect Core, section 11); ours need no consent.
  const asked = consent?.get('consent_prompt');
  if (asked !== undefined) {
    const { check } = asked;
    asked.check = (ctx) => (isFirstParty(ctx.oidc.client?.clientId ?? '') ? Check.NO_NEED_TO_PROMPT : check(ctx));
  }
  return policy;
}

/**
 * What was granted before, as a grant of its own for this sign-in: ending one device's sign-in leaves others alone.
 */
async function grantFor({ store, tenantId }: ProviderSetup, ctx: KoaContextWithOIDC) {
  const { oidc } = ctx;
  const clientId = oidc.client?.clientId ?? '';
  const accountId = oidc.session?.accountId;
  if (accountId === undefined) return undefined;
  const consented = isFirstParty(clientId)
    ? oidc.requestParamScopes
    : new Set((await findConsent(store, { tenantId, userId: accountId }, clientId))?.scopes ?? []);
  const grant = new oidc.provider.Grant({ clientId, accountId });
  const scopes = [...oidc.requestParamOIDCScopes].filter((scope) => consented.has(scope));
  if (scopes.length > 0) grant.addOIDCScope(scopes.join(' '));
  for (const [indicator, server] of Object.entries(oidc.resourceServers ?? {})) {
    const granted = [...oidc.requestParamScopes].filter((scope) => server.scopes.has(scope) && consented.has(scope));
    if (granted.length > 0) grant.addResourceScope(indicator, granted.join(' '));
  }
  await grant.save();
  return grant;
}

/** Device clients: the same token, for longer. Bearer clients: a new token, the old one worthless. */
async function prolongOrRotate(ctx: KoaContextWithOIDC): Promise<boolean> {
  const { RefreshToken: token, Grant: grant } = ctx.oidc.entities;
  if (token === undefined || !token.isSenderConstrained()) return true;
  const nowSeconds = Math.floor(Date.now() / 1000);
  if (token.exp !== undefined && token.exp - nowSeconds > REFRESH_TTL - PROLONG_AFTER) return false;
  for (const one of [grant, token]) {
    if (one === undefined) continue;
    one.exp = nowSeconds + REFRESH_TTL;
    await one.save();
  }
  return false;
}

/** Clients that an organization registered; ours are known to the provider. Nothing is registered from outside. */
function clientsOf({ store, tenantId, now }: ProviderSetup) {
  return {
    ...recordsOf(store, { tenantId, model: 'Client' }, now),
    find: async (clientId: string) => {
      const application = await findApplication(store, tenantId, clientId);
      return application && metadataOf(clientId, application);
    },
  };
}

function claimsOf(user: User) {
  return {
    sub: user.userId,
    oid: user.userId,
    tid: user.tenantId,
    name: user.displayName,
    preferred_username: user.userPrincipalName,
  };
}
