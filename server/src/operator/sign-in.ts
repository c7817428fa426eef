/**
 * An administrator signs in: code with PKCE in the browser, back to an address on this machine.
 *
 * The client is the one that administrators' scripts use, so that an operator command can do nothing that Graph does not
 * allow. Its tokens are plain bearer tokens and its refresh token changes with every use.
 *
 * Source: RFC 7636, RFC 8252, RFC 8707; docs/decisions/2026-11-25-runtime-dependencies.md (openid-client).
 */

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KnownError } from '@carryover/model/errors';
import { CLIENTS, LOOPBACK_REDIRECT, RESOURCES } from '@carryover/model/wire';
import * as client from 'openid-client';
import type { Host } from './host.ts';
import type { KeptSignIn } from './kept-sign-in.ts';

/** What the commands of this folder call; the person's roles decide whether it may be done. */
const SCOPES = [
  'openid',
  'profile',
  'offline_access',
  'User.ReadWrite.All',
  'DeviceManagementConfiguration.ReadWrite.All',
  'DeviceManagementServiceConfig.ReadWrite.All',
  'AuditLog.Read.All',
  'Policy.ReadWrite.DeviceConfiguration',
  'Policy.ReadWrite.AuthenticationFlows',
].join(' ');
const RESOURCE = `api://${RESOURCES.graph}`;

/** How long to wait for the person, in milliseconds. */
const MAX_WAIT_MS = 10 * 60_000;

export interface Organization {
  readonly serviceUrl: string;
  readonly tenantId: string;
  readonly pin?: string;
}

/** Which service and organization a link names: an enrollment link or an issuer. Errors: invalidRequest (link). */
export function organizationFrom(link: string): Organization {
  const url = URL.parse(link);
  const [, tenantId] = /^\/(?:enroll\/)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:\/v2\.0)?\/?$/i.exec(
    url?.pathname ?? '',
  ) ?? [undefined, undefined];
  if (url === null || tenantId === undefined || !['http:', 'https:'].includes(url.protocol))
    throw new KnownError(
      'invalidRequest',
      'This is not the link of an organization. It looks like https://backup.example.org/enroll/… and stands on the last set-up page.',
      { inner: 'link' },
    );
  const pin = new URLSearchParams(url.hash.slice(1)).get('pin') ?? undefined;
  return {
    serviceUrl: url.origin,
    tenantId: tenantId.toLowerCase(),
    ...(pin === undefined ? {} : { pin }),
  };
}

/** Errors: unauthenticated (signInRefused, signInTimeout), serviceUnreachable. */
export async function signIn(organization: Organization, host: Host): Promise<KeptSignIn> {
  const provider = await providerOf(organization);
  const [verifier, state, nonce] = [client.randomPKCECodeVerifier(), client.randomState(), client.randomNonce()];
  await using loopback = await openLoopback(state);
  const url = client.buildAuthorizationUrl(provider, {
    redirect_uri: loopback.redirectUri,
    scope: SCOPES,
    resource: RESOURCE,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    // Without it no refresh token is granted (OpenID Connect Core, section 11).
    prompt: 'consent',
  });
  const opened = await host.open(url);
  host.note(opened ? 'Sign in in the browser. If none has opened, use this link:' : 'Open this link to sign in:');
  host.note(url.href);

  const returned = await loopback.returned;
  const answer = await told(() =>
    client.authorizationCodeGrant(provider, returned, {
      pkceCodeVerifier: verifier,
      expectedState: state,
      expectedNonce: nonce,
      idTokenExpected: true,
    }),
  );
  const name = answer.claims()?.['preferred_username'];
  return { ...organization, userPrincipalName: typeof name === 'string' ? name : '', ...tokensFrom(answer) };
}

/** New tokens for old ones. Errors: unauthenticated (signInRefused) when the sign-in is over. */
export async function renewed(kept: KeptSignIn): Promise<KeptSignIn> {
  const { refreshToken } = kept;
  if (refreshToken === undefined) throw refused('Your sign-in is over.');
  const provider = await providerOf(kept);
  const answer = await told(() => client.refreshTokenGrant(provider, refreshToken, { resource: RESOURCE }));
  return { ...kept, ...tokensFrom(answer) };
}

function tokensFrom(answer: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers) {
  return {
    accessToken: answer.access_token,
    expiresAt: Date.now() + (answer.expiresIn() ?? 0) * 1000,
    ...(answer.refresh_token === undefined ? {} : { refreshToken: answer.refresh_token }),
  };
}

function providerOf({ serviceUrl, tenantId }: Organization): Promise<client.Configuration> {
  const issuer = new URL(`${serviceUrl}/${tenantId}/v2.0`);
  if (issuer.protocol === 'http:' && !['127.0.0.1', '[::1]', 'localhost'].includes(issuer.hostname))
    throw new KnownError('invalidRequest', 'Plain http is for this machine only. Use the https address.', {
      inner: 'link',
    });
  return told(() =>
    client.discovery(issuer, CLIENTS.graphCommandLine, undefined, client.None(), {
      // Refused above for anything but this machine.
      execute: issuer.protocol === 'http:' ? [client.allowInsecureRequests] : [],
    }),
  );
}

interface Loopback extends AsyncDisposable {
  readonly redirectUri: string;
  readonly returned: Promise<URL>;
}

/** One answer with the right state counts; whatever else knocks is refused and waited past. */
const STYLE =
  'body{font:16px/1.5 "Segoe UI",system-ui,sans-serif;max-width:32em;margin:20vh auto;padding:0 1em;color-scheme:light dark}h1{font-size:1.5em}';
const SIGNED_IN = ['You are signed in', 'You can close this page and go back to the terminal.'] as const;
const NOT_SIGNED_IN = ['You are not signed in', 'Close this page. The terminal says why and what to do.'] as const;
const NOTHING = ['Nothing to see here', 'This address belongs to a sign-in that is not yours or is over.'] as const;

async function openLoopback(state: string): Promise<Loopback> {
  const { promise: returned, resolve, reject } = Promise.withResolvers<URL>();
  // Nobody may be waiting yet, or any more, when the time is over.
  returned.catch(() => undefined);
  const redirect = new URL(LOOPBACK_REDIRECT);
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', redirect);
    const ours = request.method === 'GET' && url.searchParams.get('state') === state;
    response.writeHead(ours ? 200 : 404, {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      connection: 'close',
    });
    const [title, words] = !ours ? NOTHING : url.searchParams.has('error') ? NOT_SIGNED_IN : SIGNED_IN;
    response.end(
      `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${STYLE}</style></head><body><h1>${title}</h1><p>${words}</p></body></html>`,
    );
    if (ours) resolve(url);
  });
  server.listen(0, redirect.hostname);
  await once(server, 'listening');
  redirect.port = String((server.address() as AddressInfo).port);
  const timer = setTimeout(
    () =>
      reject(
        new KnownError('unauthenticated', 'Nobody signed in within 10 min. Run the command again to try once more.', {
          inner: 'signInTimeout',
        }),
      ),
    MAX_WAIT_MS,
  );
  return {
    redirectUri: redirect.href,
    returned,
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      server.close();
      server.closeIdleConnections();
      await once(server, 'close');
    },
  };
}

/** The library's errors in our words; what is a fault of this program stays what it is. */
async function told<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError)
      throw refused(`The sign-in was refused: ${error.error_description ?? error.error}.`, error);
    if (error instanceof client.ClientError) {
      if (error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM')
        throw new KnownError('itemNotFound', 'There is no such organization at this address. Check the link.', {
          cause: error,
        });
      throw refused(`The sign-in failed: ${error.message}.`, error);
    }
    if (error instanceof TypeError && error.message === 'fetch failed')
      throw new KnownError('serviceUnreachable', `The service does not answer: ${reasonOf(error)}.`, { cause: error });
    throw error;
  }
}

/** What stands behind "fetch failed". */
export function reasonOf(error: Error): string {
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  const { code } = cause as NodeJS.ErrnoException;
  const ofTrust = /CERT|ISSUER|SELF_SIGNED/.test(code ?? '');
  return `${cause.message || code}${ofTrust ? '; name its authority in NODE_EXTRA_CA_CERTS' : ''}`;
}

function refused(sentence: string, cause?: unknown): KnownError {
  return new KnownError('unauthenticated', `${sentence} Run: carryover admin sign-in LINK`, {
    cause,
    inner: 'signInRefused',
  });
}
