/**
 * Signing in to the admin center: code with PKCE at the service's own OpenID provider, renewed in this page's memory.
 *
 * No token is ever stored. What must outlast the way to the sign-in page and back (state, nonce, verifier, where to go
 * on) lies in the tab's session storage until the answer came, and is worth nothing afterwards. A page that is loaded
 * anew asks at the top level, without a question (prompt=none): the browser's session with the service answers.
 *
 * Source: RFC 9700; OpenID Connect Core; docs/decisions/2026-11-25-admin-center-sign-in.md.
 */

import { ADMIN_CENTER_SCOPES, type SignInPlace } from '@carryover/model/admin';
import { KnownError } from '@carryover/model/errors';
import { RESOURCES } from '@carryover/model/wire';
import * as oauth from 'oauth4webapi';

const KEPT_AS = 'carryover.signIn';
/** Renewed this long before the end, so that no request meets the end. */
const RENEW_BEFORE_MS = 60_000;

/** What is kept on the way to the sign-in and back. */
interface Underway {
  readonly place: SignInPlace;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
  /** Address in the admin center to go on with. */
  readonly returnTo: string;
}

interface SignedIn {
  readonly place: SignInPlace;
  readonly userId: string;
  /** Where the person wanted to go. */
  readonly returnTo: string;
  /** As graph.ts asks for it. Errors: KnownError unauthenticated when the sign-in is over. */
  readonly token: (refused?: string) => Promise<string>;
  /** Where signing out begins. */
  signOutAddress(): string;
}

/** What came of it; `returnTo` is kept for the next attempt. */
export type Answer =
  | { readonly kind: 'signedIn'; readonly signedIn: SignedIn }
  /** Nobody is signed in with this browser, or the person turned back. */
  | { readonly kind: 'notSignedIn'; readonly returnTo: string };

/** Whether this address carries the answer of a sign-in. */
export function hasAnswer({ searchParams }: URL): boolean {
  return searchParams.has('state') && (searchParams.has('code') || searchParams.has('error'));
}

/**
 * The address where the sign-in goes on. `silent`: it answers at once and asks nothing.
 *
 * Errors: KnownError serviceUnreachable.
 */
export async function signInAddress(
  place: SignInPlace,
  { returnTo, silent }: { readonly returnTo: string; readonly silent: boolean },
): Promise<string> {
  const { authorization_endpoint: endpoint } = await providerOf(place);
  if (endpoint === undefined) throw new Error('The provider names no authorization endpoint');
  const [state, nonce, verifier] = [
    oauth.generateRandomState(),
    oauth.generateRandomNonce(),
    oauth.generateRandomCodeVerifier(),
  ];
  const underway: Underway = { place, state, nonce, verifier, returnTo };
  window.sessionStorage.setItem(KEPT_AS, JSON.stringify(underway));
  const url = new URL(endpoint);
  for (const [name, value] of Object.entries({
    client_id: place.clientId,
    redirect_uri: place.redirectUri,
    response_type: 'code',
    scope: ['openid', 'profile', ...ADMIN_CENTER_SCOPES].join(' '),
    resource: `api://${RESOURCES.graph}`,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    ...(silent ? { prompt: 'none' } : {}),
  }))
    url.searchParams.set(name, value);
  return url.href;
}

/**
 * Takes the answer that `url` carries. It can be taken once.
 *
 * Errors: KnownError unauthenticated when the answer does not belong to a sign-in of this tab or was refused,
 * serviceUnreachable.
 */
export async function answerFrom(url: URL): Promise<Answer> {
  const kept = window.sessionStorage.getItem(KEPT_AS);
  window.sessionStorage.removeItem(KEPT_AS);
  if (kept === null) return { kind: 'notSignedIn', returnTo: '/admin' };
  const { place, state, nonce, verifier, returnTo }: Underway = JSON.parse(kept);
  const provider = await providerOf(place);
  const client: oauth.Client = { client_id: place.clientId };
  try {
    const parameters = oauth.validateAuthResponse(provider, client, url, state);
    const answer = await oauth.authorizationCodeGrantRequest(
      provider,
      client,
      oauth.None(),
      parameters,
      place.redirectUri,
      verifier,
      { ...INSECURE_ALLOWED, additionalParameters: { resource: `api://${RESOURCES.graph}` } },
    );
    const tokens = await oauth.processAuthorizationCodeResponse(provider, client, answer, {
      expectedNonce: nonce,
      requireIdToken: true,
    });
    return { kind: 'signedIn', signedIn: signedInWith({ place, provider, client, returnTo }, tokens) };
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError && TURNED_BACK.has(error.error))
      return { kind: 'notSignedIn', returnTo };
    throw known(error);
  }
}

/** Answers that are no fault: there is no session to answer from, or the person said no. */
const TURNED_BACK = new Set(['login_required', 'interaction_required', 'consent_required', 'access_denied']);

/** A trial on this computer has no certificate; pages come from the same origin as what they ask. */
const INSECURE_ALLOWED = { [oauth.allowInsecureRequests]: true } as const;

interface Parts {
  readonly place: SignInPlace;
  readonly provider: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly returnTo: string;
}

function signedInWith(parts: Parts, first: oauth.TokenEndpointResponse): SignedIn {
  const { place, provider, client, returnTo } = parts;
  let tokens = first;
  let endsAt = endOf(first);
  let renewing: Promise<void> | undefined;

  // A refresh token works once: whoever needs a new token at the same time waits for the same renewal.
  const renew = () => {
    renewing ??= renewed(parts, tokens)
      .then((next) => {
        // An answer without a new refresh or ID token leaves the former in force.
        tokens = { ...tokens, ...next };
        endsAt = endOf(next);
      })
      .finally(() => {
        renewing = undefined;
      });
    return renewing;
  };

  return {
    place,
    returnTo,
    userId: oauth.getValidatedIdTokenClaims(first)?.sub ?? '',
    async token(refused) {
      if (tokens.access_token === refused || Date.now() > endsAt - RENEW_BEFORE_MS) await renew();
      return tokens.access_token;
    },
    signOutAddress() {
      const url = new URL(provider.end_session_endpoint ?? place.redirectUri);
      url.searchParams.set('client_id', client.client_id);
      url.searchParams.set('post_logout_redirect_uri', place.redirectUri);
      if (tokens.id_token !== undefined) url.searchParams.set('id_token_hint', tokens.id_token);
      return url.href;
    },
  };
}

async function renewed({ provider, client }: Parts, { refresh_token }: oauth.TokenEndpointResponse) {
  if (refresh_token === undefined) throw over();
  try {
    const answer = await oauth.refreshTokenGrantRequest(
      provider,
      client,
      oauth.None(),
      refresh_token,
      INSECURE_ALLOWED,
    );
    return await oauth.processRefreshTokenResponse(provider, client, answer);
  } catch (error) {
    throw known(error);
  }
}

function endOf({ expires_in: seconds = 0 }: oauth.TokenEndpointResponse): number {
  return Date.now() + seconds * 1000;
}

async function providerOf({ issuer }: SignInPlace): Promise<oauth.AuthorizationServer> {
  const url = new URL(issuer);
  try {
    return await oauth.processDiscoveryResponse(url, await oauth.discoveryRequest(url, INSECURE_ALLOWED));
  } catch (error) {
    throw known(error);
  }
}

/** fetch fails with a TypeError when there is no connection; all else that comes from the provider ends the sign-in. */
function known(error: unknown): KnownError {
  if (error instanceof KnownError) return error;
  if (error instanceof TypeError)
    return new KnownError('serviceUnreachable', 'This page cannot reach the service.', { cause: error });
  return over(error);
}

function over(cause?: unknown): KnownError {
  return new KnownError('unauthenticated', 'The sign-in is over. Sign in again.', { cause });
}
