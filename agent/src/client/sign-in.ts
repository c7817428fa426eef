/**
 * Signing in: the person proves who they are to the organization's identity, and this device gets tokens that only its
 * own key can use.
 *
 * In a browser (authorization code with PKCE, bound to the device's key from the first step), or, where the organization
 * allows it and only for backups, with a code on another device. One sign-in may cover several resources of one client:
 * the code gives a token for the first, the refresh token those for the others.
 *
 * The library checks what comes back (issuer, state, nonce, ID token and its signature); it is loaded only here.
 *
 * Source: RFC 6749, 7636, 8252, 8628, 8707, 9207, 9449; OpenID Connect Core 1.0.
 */

import type { webcrypto } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { KnownError } from '@carryover/model/errors';
import type { Language } from '@carryover/model/reasons';
import { RESOURCES, SCOPES } from '@carryover/model/wire';
import * as oauth from 'oauth4webapi';
import { printable } from './answer.ts';
import type { ServiceClock } from './clock.ts';
import type { Proofs } from './dpop.ts';
import type { Http } from './http.ts';
import { openLoopback } from './loopback.ts';
import { clientFor, type DeviceResource, type Granted, renewedToken, tokenFrom } from './tokens.ts';

/** Who is asked, over which line, and for whom. */
export interface SignInParts {
  readonly issuer: string;
  readonly http: Http;
  readonly proofs: Proofs;
  readonly clock: ServiceClock;
  readonly language: Language;
  /** Whose PC this is; undefined at enrollment. Somebody else's sign-in is refused. */
  readonly person?: { readonly userId: string; readonly userPrincipalName: string } | undefined;
}

export interface SignInOptions extends SignInParts {
  /** How long to wait for the person, in milliseconds. */
  readonly timeoutMs: number;
  /** Shows a page in a browser; false when there is none here. */
  readonly open: (url: URL) => Promise<boolean>;
  /** Tells the person something, a line at a time. */
  readonly say: (sentence: string) => void;
  /** Waits between two questions whether the code was entered; tests have no time to. */
  readonly wait?: (milliseconds: number) => Promise<unknown>;
}

export interface SignedIn {
  readonly granted: Granted;
  readonly tokenEndpoint: string;
}

/** What is asked of the identity, and how. */
interface Identity {
  readonly server: oauth.AuthorizationServer;
  readonly client: oauth.Client;
  readonly dpop: oauth.DPoPHandle;
  readonly resources: readonly [DeviceResource, ...DeviceResource[]];
}

/**
 * Signs the person in for `resources`, which belong to one client.
 *
 * Errors: unauthenticated (inner "signInTimeout", "signInRefused"); accessDenied when the organization refuses;
 * serviceUnreachable.
 */
export async function signIn(
  resources: readonly [DeviceResource, ...DeviceResource[]],
  options: SignInOptions,
): Promise<SignedIn> {
  try {
    const identity = await identityOf(resources, options);
    return await signedInWith(identity, await answerOfPerson(identity, options), options);
  } catch (error) {
    throw known(error);
  }
}

/** A sign-in that waits for the person in a window that is not ours to open. */
export interface BegunSignIn {
  /** Where the window goes. */
  readonly url: URL;
  /** What the return carries, so that it is known whose it is. */
  readonly state: string;
  /** Finishes with the address that the window came back to. Errors: as signIn. */
  finish(returned: URL): Promise<SignedIn>;
}

/** Begins a sign-in that comes back to `redirectUri`, an address on this device. Errors: as signIn. */
export async function beginSignIn(
  resources: readonly [DeviceResource, ...DeviceResource[]],
  parts: SignInParts,
  redirectUri: string,
): Promise<BegunSignIn> {
  try {
    const identity = await identityOf(resources, parts);
    const asked = await authorizationOf(identity, parts, { redirectUri, state: oauth.generateRandomState() });
    return {
      url: asked.url,
      state: asked.state,
      async finish(returned) {
        try {
          return await signedInWith(identity, await contentOf(identity, parts, { asked, returned }), parts);
        } catch (error) {
          throw known(error);
        }
      },
    };
  } catch (error) {
    throw known(error);
  }
}

async function signedInWith(identity: Identity, content: Content, parts: SignInParts): Promise<SignedIn> {
  refuseOthers(content, parts);
  const first = tokenFrom(content, parts.clock);
  if (first === undefined) throw refused('The sign-in gave no token bound to this PC.');
  return othersOf(identity, { [identity.resources[0]]: first }, parts);
}

async function identityOf(resources: Identity['resources'], { issuer, ...options }: SignInParts): Promise<Identity> {
  const { privateJwk } = options.proofs;
  const importKey = (jwk: webcrypto.JsonWebKey, use: 'sign' | 'verify') =>
    crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, true, [use]);
  const { d: _, ...publicJwk } = privateJwk;
  const [privateKey, publicKey] = await Promise.all([importKey(privateJwk, 'sign'), importKey(publicJwk, 'verify')]);
  const issuerUrl = new URL(issuer);
  const discovery = await oauth.discoveryRequest(issuerUrl, requestOptions(options.http));
  const server = await oauth.processDiscoveryResponse(issuerUrl, discovery);
  // Only now: the answer to the discovery has told the service's time. The library reads the clock by itself.
  const client: oauth.Client = {
    client_id: clientFor(resources[0]),
    token_endpoint_auth_method: 'none',
    [oauth.clockSkew]: Math.round((options.clock.now().epochMilliseconds - Date.now()) / 1000),
  };
  return { server, client, dpop: oauth.DPoP(client, { privateKey, publicKey }), resources };
}

type Content = oauth.TokenEndpointResponse;

async function answerOfPerson(identity: Identity, options: SignInOptions): Promise<Content> {
  const { resources, server } = identity;
  // The identity names the endpoint only where the organization allows it, and what it says now counts: the policy this
  // device knows may be older, and without a sign-in it cannot ask for a newer one.
  const allowed = server.device_authorization_endpoint !== undefined;
  const onlyBackup = resources.every((resource) => resource === 'backup');
  return throughBrowser(identity, options, {
    code: allowed && onlyBackup ? () => throughDeviceCode(identity, options) : undefined,
    sentence: onlyBackup ? TEXTS.codeNotAllowed : TEXTS.noBrowser,
  });
}

/** What there is where no browser is. */
interface WithoutBrowser {
  readonly code: (() => Promise<Content>) | undefined;
  /** Said when there is no code either. */
  readonly sentence: Readonly<Record<Language, string>>;
}

/** Code flow with a return to this device; `otherwise` counts when there is no browser here. */
async function throughBrowser(identity: Identity, options: SignInOptions, otherwise: WithoutBrowser): Promise<Content> {
  const { language, timeoutMs } = options;
  const state = oauth.generateRandomState();
  await using loopback = await openLoopback({ state, language, timeoutMs });
  const asked = await authorizationOf(identity, options, { redirectUri: loopback.redirectUri, state });

  const opened = await options.open(asked.url);
  if (!opened && otherwise.code !== undefined) return otherwise.code();
  options.say((opened ? TEXTS.opened : otherwise.sentence)[language]);
  options.say(asked.url.href);

  return contentOf(identity, options, { asked, returned: await loopback.returned });
}

/** What was asked in the browser, and what only this program knows of it. */
interface Authorization {
  readonly url: URL;
  readonly redirectUri: string;
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

async function authorizationOf(
  { server, client, resources }: Identity,
  { proofs, language, person }: SignInParts,
  { redirectUri, state }: Pick<Authorization, 'redirectUri' | 'state'>,
): Promise<Authorization> {
  const [nonce, verifier] = [oauth.generateRandomNonce(), oauth.generateRandomCodeVerifier()];
  const url = new URL(server.authorization_endpoint ?? missing('authorization_endpoint'));
  const parameters: Readonly<Record<string, string>> = {
    client_id: client.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: scopesFor(resources),
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
    state,
    nonce,
    dpop_jkt: proofs.thumbprint,
    // Without it the identity grants no refresh token (OpenID Connect Core, section 11).
    prompt: 'consent',
    ui_locales: language,
    ...(person === undefined ? {} : { login_hint: person.userPrincipalName }),
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  for (const resource of resources) url.searchParams.append('resource', indicatorOf(resource));
  return { url, redirectUri, state, nonce, verifier };
}

/** Exchanges what the browser came back with. */
async function contentOf(
  { server, client, dpop, resources }: Identity,
  { http }: SignInParts,
  { asked, returned }: { readonly asked: Authorization; readonly returned: URL },
): Promise<Content> {
  const { redirectUri, state, nonce, verifier } = asked;
  const answered = oauth.validateAuthResponse(server, client, returned, state);
  const exchange = async () => {
    const options = {
      ...requestOptions(http),
      DPoP: dpop,
      additionalParameters: { resource: indicatorOf(resources[0]) },
    };
    const none = oauth.None();
    const answer = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      none,
      answered,
      redirectUri,
      verifier,
      options,
    );
    const expected = { expectedNonce: nonce, requireIdToken: true };
    const content = await oauth.processAuthorizationCodeResponse(server, client, answer, expected);
    await oauth.validateApplicationLevelSignature(server, answer, requestOptions(http));
    return content;
  };
  return exchange().catch((error) => {
    // The handle has kept the nonce the identity asks for.
    if (oauth.isDPoPNonceError(error)) return exchange();
    throw error;
  });
}

/** Code on another device: for terminals without a browser, for backups only. */
async function throughDeviceCode(
  { server, client, dpop, resources }: Identity,
  { http, say, language, timeoutMs, wait = setTimeout }: SignInOptions,
): Promise<Content> {
  const parameters = { scope: scopesFor(resources), resource: indicatorOf(resources[0]) };
  const asked = await oauth.deviceAuthorizationRequest(server, client, oauth.None(), parameters, requestOptions(http));
  const code = await oauth.processDeviceAuthorizationResponse(server, client, asked);
  say(TEXTS.deviceCode[language].replace('{code}', printable(code.user_code)));
  say(printable(code.verification_uri_complete ?? code.verification_uri));

  const rounds = Math.min(timeoutMs / 1000, code.expires_in);
  let interval = code.interval ?? 5;
  for (let waited = 0; waited < rounds; waited += interval) {
    await wait(interval * 1000);
    const options = {
      ...requestOptions(http),
      DPoP: dpop,
      additionalParameters: { resource: indicatorOf(resources[0]) },
    };
    try {
      const answer = await oauth.deviceCodeGrantRequest(server, client, oauth.None(), code.device_code, options);
      return await oauth.processDeviceCodeResponse(server, client, answer);
    } catch (error) {
      if (!(error instanceof oauth.ResponseBodyError)) throw error;
      if (error.error === 'slow_down') interval += 5;
      else if (error.error !== 'authorization_pending') throw error;
    }
  }
  throw new KnownError('unauthenticated', 'Nobody entered the code in time. Run the command again to get a new one.', {
    inner: 'signInTimeout',
  });
}

async function othersOf(identity: Identity, first: Granted, { http, proofs, clock }: SignInParts): Promise<SignedIn> {
  const { server, resources } = identity;
  const tokenEndpoint = server.token_endpoint ?? missing('token_endpoint');
  const endpoint = { url: new URL(tokenEndpoint), http, proofs, clock };
  let granted = first;
  for (const resource of resources.slice(1)) {
    const refreshToken = Object.values(granted).at(-1)?.refreshToken;
    if (refreshToken === undefined) throw refused('The sign-in cannot be kept: the identity gave no refresh token.');
    const token = await renewedToken(endpoint, resource, refreshToken);
    const newest = token.refreshToken ?? refreshToken;
    // Using a refresh token may replace it; all that share it go on with the newest.
    granted = Object.fromEntries(
      Object.entries({ ...granted, [resource]: token }).map(([name, one]) => [name, { ...one, refreshToken: newest }]),
    );
  }
  return { granted, tokenEndpoint };
}

/** Errors: accessDenied, inner "otherPerson", when the PC belongs to somebody else. */
function refuseOthers(content: Content, { person }: SignInParts): void {
  if (person === undefined || oauth.getValidatedIdTokenClaims(content)?.sub === person.userId) return;
  throw new KnownError(
    'accessDenied',
    `Somebody else signed in: this PC is connected for ${person.userPrincipalName}. Sign in as that person.`,
    { inner: 'otherPerson' },
  );
}

function indicatorOf(resource: DeviceResource): string {
  return `api://${RESOURCES[resource]}`;
}

function scopesFor(resources: readonly DeviceResource[]): string {
  return ['openid', 'offline_access', ...resources.map((resource) => SCOPES[resource])].join(' ');
}

/** The library's requests go through the agent's own door, with its timeouts, trust and clock. */
function requestOptions(http: Http) {
  const send = async (address: string, init: oauth.CustomFetchOptions<string, unknown>): Promise<Response> => {
    const body = init.body === undefined || init.body === null ? undefined : String(init.body);
    const {
      status,
      headers,
      body: content,
    } = await http.request({
      method: init.method,
      url: new URL(address),
      headers: init.headers,
      body,
    });
    const pairs = Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value]],
    );
    return new Response(content.length === 0 ? null : new Uint8Array(content), { status, headers: pairs });
  };
  // The door itself refuses plain http to anywhere but this device.
  return { [oauth.customFetch]: send, [oauth.allowInsecureRequests]: true } as const;
}

const TEXTS = {
  opened: {
    en: 'Sign in in the browser that has just opened. If none did, open this link on this PC:',
    de: 'Melden Sie sich im geöffneten Browser an. Falls keiner erschienen ist, öffnen Sie diesen Link auf diesem PC:',
  },
  noBrowser: {
    en: 'There is no browser here. Open this link in a browser on this PC; connecting and restoring cannot be done with a code on another device:',
    de: 'Hier gibt es keinen Browser. Öffnen Sie diesen Link in einem Browser auf diesem PC; Verbinden und Wiederherstellen gehen nicht mit einem Code auf einem anderen Gerät:',
  },
  codeNotAllowed: {
    en: 'There is no browser here, and your organization does not allow signing in with a code on another device. Open this link in a browser on this PC, or ask your IT to allow codes:',
    de: 'Hier gibt es keinen Browser, und Ihre Organisation erlaubt keine Anmeldung mit einem Code auf einem anderen Gerät. Öffnen Sie diesen Link in einem Browser auf diesem PC, oder bitten Sie Ihre IT, Codes zu erlauben:',
  },
  deviceCode: {
    en: 'There is no browser here. Open this page on another device and enter the code {code}:',
    de: 'Hier gibt es keinen Browser. Öffnen Sie diese Seite auf einem anderen Gerät und geben Sie den Code {code} ein:',
  },
} as const satisfies Record<string, Record<Language, string>>;

function missing(what: string): never {
  throw new KnownError('serviceUnreachable', `The identity of the service does not name its ${what}. Tell your IT.`, {
    inner: 'unexpectedAnswer',
  });
}

function refused(sentence: string, cause?: unknown): KnownError {
  return new KnownError('unauthenticated', `${sentence} Try again, and tell your IT if it stays so.`, {
    cause,
    inner: 'signInRefused',
  });
}

/** The library's errors in our words; what is a fault of this program stays what it is. */
function known(error: unknown): unknown {
  if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
    const words = printable(error.error_description ?? error.error);
    if (error.error === 'access_denied')
      return new KnownError('accessDenied', `The sign-in was refused: ${words}.`, {
        cause: error,
        inner: 'signInRefused',
      });
    return refused(`The sign-in failed: ${words} (${printable(error.error)}).`, error);
  }
  if (error instanceof oauth.OperationProcessingError || error instanceof oauth.WWWAuthenticateChallengeError)
    return refused(`The sign-in failed: ${printable(error.message)}.`, error);
  return error;
}
