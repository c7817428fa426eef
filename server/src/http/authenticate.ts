/**
 * Who is asking, and may they: decided before a handler runs, from the route's own rule (`config.access`).
 *
 * The checks stand in the order of RFC 9068 and RFC 9449. A token is for one resource of one tenant; one that is bound to
 * a key is worth nothing without a fresh proof for this very request. A signature once checked is trusted for at most 60
 * seconds; the person's account and the device's registration are looked up every time.
 *
 * Errors: unauthenticated (inner tokenMissing, schemeWrong, tokenInvalid, tokenExpired, proofMissing, proofInvalid,
 * proofReplayed, clockSkew, accountDisabled, sessionExpired), accessDenied (inner scopeMissing, roleMissing,
 * deviceUnknown, deviceQuarantined, deviceRevoked), itemNotFound for a device that is not the caller's.
 */

import { hash, type KeyObject } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import { RESOURCES, type Resource } from '@carryover/model/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Owner } from '../db/schema.ts';
import type { Access, Caller } from './caller.ts';
import { decodeJws, isSignedBy, proofKeyFrom } from './jws.ts';
import { SESSION_SCHEME, type Session, type Sessions } from './session.ts';

/** How far a proof's time may be from ours, in seconds; oidc-provider allows the same at its token endpoint. */
const PROOF_WINDOW_SECONDS = 300;
/** How long a checked signature is trusted, in milliseconds. */
const MAX_TRUST_MS = 60_000;
const MAX_TRUSTED_TOKENS = 10_000;
const MAX_JTI_CHARACTERS = 256;

interface Person {
  readonly enabled: boolean;
  readonly roles: readonly string[];
}

interface RegisteredKey {
  readonly deviceId: string;
  readonly profileId: string;
  readonly quarantined: boolean;
  /** Taken out of use by an administrator. */
  readonly revoked: boolean;
}

/** What the contexts know about callers. */
interface Identities {
  /** The public key that a tenant signs tokens with. */
  findSigningKey(tenantId: string, kid: string): Promise<KeyObject | undefined>;
  findPerson(owner: Owner, asked: { readonly withRoles: boolean }): Promise<Person | undefined>;
  /** The device registered for a person's key; undefined when unknown or given back. */
  findRegisteredKey(owner: Owner, jkt: string): Promise<RegisteredKey | undefined>;
  /** False when this proof was seen before. Resolves when it is durable. */
  rememberProof(proof: { jkt: string; jti: string; expiresAt: number }): Promise<boolean>;
}

export interface Authentication {
  readonly publicUrl: string;
  readonly identities: Identities;
  readonly sessions: Sessions;
  readonly now: () => Temporal.Instant;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The body as it came, for sessions; set by the parsers of app.ts. */
    rawBody?: Buffer;
    /** A session whose MAC is still to be checked against the body. */
    session?: { readonly found: Session; readonly count: number; readonly mac: string };
  }
}

interface Claims {
  readonly tenantId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly resource: Resource;
  readonly scopes: readonly string[];
  readonly jkt: string | undefined;
  readonly expiresAtMs: number;
}

export function authenticateRequests(app: FastifyInstance, authentication: Authentication): void {
  const tokens = trustedTokens(authentication);

  app.addHook('onRequest', async (request) => {
    const access = request.routeOptions.config.access;
    if (access === undefined || 'public' in access) return;
    const caller = await callerOf(request);
    permit(caller, access, request);
    request.caller = caller;
  });

  app.addHook('preValidation', async (request) => {
    if (request.session === undefined) return;
    authentication.sessions.check(request.session, {
      method: request.method,
      target: request.raw.url ?? '',
      body: request.rawBody,
    });
  });

  async function callerOf(request: FastifyRequest): Promise<Caller> {
    const [, scheme = '', credentials = ''] = /^(\S+) +(.+)$/.exec(request.headers.authorization ?? '') ?? [];
    switch (scheme.toLowerCase()) {
      case '':
        throw refused('tokenMissing', 'Sign in first: this address needs an access token.');
      case SESSION_SCHEME:
        request.session = authentication.sessions.find(credentials);
        return request.session.found.caller;
      case 'dpop':
      case 'bearer': {
        const claims = await tokens.claimsOf(credentials);
        if (claims.jkt === undefined && scheme.toLowerCase() === 'dpop')
          throw refused('schemeWrong', 'This token is not bound to a key; send it as Bearer.');
        if (claims.jkt !== undefined) await checkProof(request, scheme, credentials, claims.jkt);
        return callerFrom(claims);
      }
      default:
        throw refused('schemeWrong', 'Send the access token with the DPoP or Bearer scheme.');
    }
  }

  async function checkProof(request: FastifyRequest, scheme: string, token: string, jkt: string): Promise<void> {
    if (scheme.toLowerCase() !== 'dpop')
      throw refused('schemeWrong', 'This token is bound to a key; send it as DPoP with a proof.');
    const text = request.headers['dpop'];
    if (typeof text !== 'string') throw refused('proofMissing', 'Send one DPoP proof with this token.');
    const proof = decodeJws(text, 'dpop+jwt');
    const key = proofKeyFrom(proof?.header['jwk']);
    if (proof === undefined || key === undefined || key.jkt !== jkt || !(await isSignedBy(proof, key.key)))
      throw refused('proofInvalid', 'The DPoP proof is not made with the key of this token.');

    const { htm, htu, ath, iat, jti } = proof.claims;
    const target = new URL(authentication.publicUrl + (request.raw.url ?? ''));
    const named = typeof htu === 'string' ? URL.parse(htu) : null;
    if (htm !== request.method || named?.origin !== target.origin || named.pathname !== target.pathname)
      throw refused('proofInvalid', 'The DPoP proof is for another request.');
    if (ath !== hash('sha256', token, 'base64url'))
      throw refused('proofInvalid', 'The DPoP proof is for another token.');
    if (typeof jti !== 'string' || jti === '' || jti.length > MAX_JTI_CHARACTERS || typeof iat !== 'number')
      throw refused('proofInvalid', 'The DPoP proof lacks a usable "jti" or "iat".');

    const now = authentication.now().epochMilliseconds;
    if (Math.abs(now / 1000 - iat) > PROOF_WINDOW_SECONDS)
      throw refused('clockSkew', 'The clock of this device is wrong; the Date header of this answer says the time.');
    const expiresAt = (iat + PROOF_WINDOW_SECONDS) * 1000;
    if (!(await authentication.identities.rememberProof({ jkt, jti, expiresAt })))
      throw refused('proofReplayed', 'This DPoP proof was used before. Make a new one for each request.');
  }

  async function callerFrom(claims: Claims): Promise<Caller> {
    const { tenantId, userId, clientId, resource, scopes, jkt } = claims;
    const owner = { tenantId, userId };
    // Only Graph's routes ask for roles.
    const person = await authentication.identities.findPerson(owner, { withRoles: resource === 'graph' });
    if (person === undefined || !person.enabled)
      throw refused('accountDisabled', 'This account may not be used. Ask your IT.');
    const caller: Caller = { ...owner, clientId, resource, scopes, roles: person.roles };
    if (jkt === undefined) return caller;
    const registered = await authentication.identities.findRegisteredKey(owner, jkt);
    if (registered === undefined) return { ...caller, jkt };
    if (registered.revoked)
      throw new KnownError(
        'accessDenied',
        'Your IT took this PC out of use. If it is yours, disconnect it here (carryover unenroll) and connect it again.',
        { inner: 'deviceRevoked' },
      );
    if (registered.quarantined)
      throw new KnownError('accessDenied', 'Two PCs use the key of this device. Enroll this one again.', {
        inner: 'deviceQuarantined',
      });
    return { ...caller, jkt, deviceId: registered.deviceId, profileId: registered.profileId };
  }
}

/** The route's rule, in the order a caller can do something about it. */
function permit(caller: Caller, access: Exclude<Access, { public: true }>, request: FastifyRequest): void {
  if (caller.resource !== access.resource)
    throw refused('tokenInvalid', `This token is for the ${caller.resource} resource, not for ${access.resource}.`);
  if (!access.scopes.some((scope) => caller.scopes.includes(scope)))
    throw new KnownError('accessDenied', `This needs one of the permissions ${access.scopes.join(', ')}.`, {
      inner: 'scopeMissing',
    });
  if (access.roles !== undefined && !access.roles.some((role) => caller.roles.includes(role)))
    throw new KnownError('accessDenied', `This needs one of the roles ${access.roles.join(', ')}.`, {
      inner: 'roleMissing',
    });
  if ((caller.resource === 'backup' || caller.resource === 'restore') && caller.deviceId === undefined)
    throw new KnownError('accessDenied', 'This device is not enrolled for you. Enroll it again.', {
      inner: 'deviceUnknown',
    });
  const params = request.params as Readonly<Record<string, unknown>>;
  for (const [name, kind] of Object.entries(access.owned ?? {})) {
    if (kind === 'device' && params[name] !== caller.deviceId)
      throw new KnownError('itemNotFound', 'There is no such device of yours.');
  }
}

/** Checks tokens and remembers for a while which were good. */
function trustedTokens({ publicUrl, identities, now }: Authentication) {
  const trusted = new Map<string, { readonly claims: Claims; readonly untilMs: number }>();

  return {
    async claimsOf(token: string): Promise<Claims> {
      const nowMs = now().epochMilliseconds;
      const found = trusted.get(token);
      if (found !== undefined && nowMs < found.untilMs) return found.claims;
      trusted.delete(token);
      const claims = await verified(token);
      if (nowMs >= claims.expiresAtMs) throw refused('tokenExpired', 'The access token has expired. Get a new one.');
      if (trusted.size >= MAX_TRUSTED_TOKENS) trusted.delete(trusted.keys().next().value ?? '');
      trusted.set(token, { claims, untilMs: Math.min(claims.expiresAtMs, nowMs + MAX_TRUST_MS) });
      return claims;
    },
  };

  async function verified(token: string): Promise<Claims> {
    const invalid = () => refused('tokenInvalid', 'The access token is not valid here. Sign in again.');
    const jws = decodeJws(token, 'at+jwt');
    if (jws === undefined) throw invalid();
    const { iss, aud, exp, tid, oid, sub, client_id, scp, cnf } = jws.claims;
    const kid = jws.header['kid'];
    if (typeof tid !== 'string' || iss !== issuerOf(publicUrl, tid) || typeof kid !== 'string') throw invalid();
    const key = await identities.findSigningKey(tid, kid);
    if (key === undefined || !(await isSignedBy(jws, key))) throw invalid();
    const resource = RESOURCE_BY_ID.get(aud);
    if (resource === undefined || typeof exp !== 'number' || typeof client_id !== 'string') throw invalid();
    if (typeof oid !== 'string' || oid !== sub || typeof scp !== 'string') throw invalid();
    const jkt = thumbprintFrom(cnf);
    if (jkt === undefined && resource !== 'graph')
      throw refused('schemeWrong', 'This resource takes only tokens that are bound to a key (DPoP).');
    return {
      tenantId: tid,
      userId: oid,
      clientId: client_id,
      resource,
      scopes: scp.split(' '),
      jkt,
      expiresAtMs: exp * 1000,
    };
  }
}

const RESOURCE_BY_ID: ReadonlyMap<unknown, Resource> = new Map(
  Object.entries(RESOURCES).map(([name, id]) => [id, name as Resource]),
);

/** The issuer of a tenant: what a token says in "iss". */
function issuerOf(publicUrl: string, tenantId: string): string {
  return `${publicUrl}/${tenantId}/v2.0`;
}

function thumbprintFrom(confirmation: unknown): string | undefined {
  if (typeof confirmation !== 'object' || confirmation === null) return undefined;
  const { jkt } = confirmation as { jkt?: unknown };
  return typeof jkt === 'string' ? jkt : undefined;
}

function refused(inner: string, message: string): KnownError {
  return new KnownError('unauthenticated', message, { inner });
}
