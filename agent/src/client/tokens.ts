/**
 * Access tokens by resource: from the state while they last, renewed with the refresh token, or by a new sign-in.
 *
 * Renewing is done here and not by the sign-in's library, because it is on the path of every scheduled run
 * (docs/decisions/2026-11-25-sign-in-library-loaded-only-to-sign-in.md).
 *
 * Source: RFC 6749 section 6, RFC 8707 (resource), RFC 9449 section 5 (proofs at the token endpoint).
 */

import { KnownError } from '@carryover/model/errors';
import { CLIENTS, RESOURCES } from '@carryover/model/wire';
import type { State, TokenState } from '../state/state.ts';
import { jsonOf, notTheService, printable, succeeded } from './answer.ts';
import { type ServiceClock, secondsOf } from './clock.ts';
import type { Proofs } from './dpop.ts';
import type { Http, HttpAnswer } from './http.ts';

export type DeviceResource = 'enrollment' | 'backup' | 'restore';

export type Granted = Readonly<Partial<Record<DeviceResource, TokenState>>>;

export interface TokenSource {
  /** An access token for a resource. `renew` when the service refused the present one. Errors: unauthenticated. */
  accessToken(resource: DeviceResource, options?: { readonly renew: boolean }): Promise<string>;
}

export interface TokenEndpoint {
  readonly url: URL;
  readonly http: Http;
  readonly proofs: Proofs;
  readonly clock: ServiceClock;
}

export interface TokenSourceOptions {
  readonly endpoint: TokenEndpoint;
  readonly state: State;
  /** Asks the person to sign in for a resource; absent where nobody can be asked. */
  readonly signIn?: ((resource: DeviceResource) => Promise<Granted>) | undefined;
}

/** A token is renewed when it ends within this many seconds: an upload on a slow line must not outlive it. */
const MARGIN_SECONDS = 60;

export function tokenSource({ endpoint, state, signIn }: TokenSourceOptions): TokenSource {
  const usable = (token: TokenState | undefined) =>
    token !== undefined && token.expiresAt - MARGIN_SECONDS > secondsOf(endpoint.clock.now());
  return {
    async accessToken(resource, { renew } = { renew: false }) {
      const token = (await state.read('tokens'))?.[resource];
      if (token !== undefined && usable(token) && !renew) return token.accessToken;
      const renewed = await renewedFrom(endpoint, resource, token?.refreshToken);
      if (renewed !== undefined) {
        await keep(state, { [resource]: renewed }, token?.refreshToken);
        return renewed.accessToken;
      }
      if (signIn === undefined) throw signInNeeded(resource);
      const granted = await signIn(resource);
      await keep(state, granted, undefined);
      const fresh = granted[resource];
      if (fresh === undefined) throw signInNeeded(resource);
      return fresh.accessToken;
    },
  };
}

/** Undefined when there is nothing to renew with, or the sign-in behind it has ended. */
async function renewedFrom(
  endpoint: TokenEndpoint,
  resource: DeviceResource,
  refreshToken: string | undefined,
): Promise<TokenState | undefined> {
  if (refreshToken === undefined) return undefined;
  try {
    return await renewedToken(endpoint, resource, refreshToken);
  } catch (error) {
    if (error instanceof KnownError && error.inner === 'signInEnded') return undefined;
    throw error;
  }
}

/** A refresh token may be replaced by using it; every resource that shared the former one then has the new one. */
async function keep(state: State, granted: Granted, formerRefreshToken: string | undefined): Promise<void> {
  const tokens = { ...(await state.read('tokens')), ...granted };
  const [newest] = Object.values(granted).flatMap(({ refreshToken }) => refreshToken ?? []);
  const shared = Object.entries(tokens).map(([resource, token]) => {
    const replaced =
      newest !== undefined && formerRefreshToken !== undefined && token.refreshToken === formerRefreshToken;
    return [resource, replaced ? { ...token, refreshToken: newest } : token];
  });
  await state.write('tokens', Object.fromEntries(shared));
}

function signInNeeded(resource: DeviceResource): KnownError {
  const command = resource === 'restore' ? 'carryover profiles' : 'carryover backup';
  return new KnownError('unauthenticated', `Your sign-in has ended. Sign in again: ${command}`, {
    inner: 'signInNeeded',
    details: { resource },
  });
}

/**
 * Exchanges a refresh token for an access token of one resource.
 *
 * Errors: unauthenticated, inner "signInEnded", when the sign-in behind it is over; serviceUnreachable.
 */
export async function renewedToken(
  endpoint: TokenEndpoint,
  resource: DeviceResource,
  refreshToken: string,
): Promise<TokenState> {
  const body = new URLSearchParams({
    grant_type: 'refresh_token',
    client_id: clientFor(resource),
    refresh_token: refreshToken,
    resource: `api://${RESOURCES[resource]}`,
  });
  const answer = await postForm(endpoint, body);
  const content = jsonOf(answer, endpoint.url) as Readonly<Record<string, unknown>>;
  if (!succeeded(answer)) throw tokenRefusal(answer, content, endpoint.url);
  const token = tokenFrom(content, endpoint.clock);
  if (token === undefined) throw notTheService(endpoint.url, 'without a token bound to this PC');
  return { refreshToken, ...token };
}

/** The client a resource is asked for by. Source: architecture.md, "Wire". */
export function clientFor(resource: DeviceResource): string {
  return resource === 'restore' ? CLIENTS.restoreExperience : CLIENTS.agent;
}

/** A token as it is kept; undefined when what came is none, or is not bound to the device's key. */
export function tokenFrom(content: Readonly<Record<string, unknown>>, clock: ServiceClock): TokenState | undefined {
  const { access_token: accessToken, expires_in: lasts, refresh_token: refreshToken, token_type: type } = content;
  if (typeof accessToken !== 'string' || typeof lasts !== 'number' || String(type).toLowerCase() !== 'dpop')
    return undefined;
  const expiresAt = secondsOf(clock.now()) + lasts;
  return { accessToken, expiresAt, ...(typeof refreshToken === 'string' ? { refreshToken } : {}) };
}

/** Sends the form with a proof; once more when the proof needs a nonce, or was made before the clock was known. */
async function postForm({ url, http, proofs, clock }: TokenEndpoint, form: URLSearchParams): Promise<HttpAnswer> {
  const send = () =>
    http.request({
      method: 'POST',
      url,
      headers: {
        accept: 'application/json',
        'content-type': 'application/x-www-form-urlencoded',
        dpop: proofs.proof({ method: 'POST', url }),
      },
      body: form.toString(),
    });
  const believedOffset = clock.offsetMs;
  const answer = await send();
  proofs.learnNonce('sign-in', answer.headers['dpop-nonce']);
  const error = succeeded(answer) ? undefined : errorCodeOf(answer);
  const clockWasWrong = Math.abs(clock.offsetMs - believedOffset) > 1000 && error === 'invalid_dpop_proof';
  return error === 'use_dpop_nonce' || clockWasWrong ? send() : answer;
}

function errorCodeOf(answer: HttpAnswer): unknown {
  try {
    return (JSON.parse(answer.body.toString('utf8')) as { error?: unknown }).error;
  } catch {
    return undefined;
  }
}

function tokenRefusal(answer: HttpAnswer, content: Readonly<Record<string, unknown>>, url: URL): KnownError {
  const { error, error_description: description } = content;
  if (answer.status >= 500 || typeof error !== 'string')
    return notTheService(url, `with status ${answer.status}`, undefined);
  const words = typeof description === 'string' ? printable(description) : printable(error);
  const ended = error === 'invalid_grant' || error === 'interaction_required' || error === 'login_required';
  return new KnownError('unauthenticated', `The sign-in could not be renewed: ${words}.`, {
    inner: ended ? 'signInEnded' : 'refused',
    details: { error },
  });
}
