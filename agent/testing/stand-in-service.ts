/**
 * A service for the agent's own tests: speaks the device API and signs people in with the real OpenID provider.
 *
 * Tokens and proofs are checked by a library the agent does not use for making them. What a test wants to go wrong it
 * says by replacing `answer`, or by ending sessions and tokens.
 */

import { createHash, createHmac, randomBytes, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { DatabaseSync } from 'node:sqlite';
import { decodeParts, PARTS_MEDIA_TYPE } from '@carryover/model/parts';
import { type Decisions, type EffectivePolicy, effectivePolicy } from '@carryover/model/policy';
import { policyByName } from '@carryover/model/policy-definitions';
import { type Candidate, explain } from '@carryover/model/policy-explain';
import { mergePolicies, type PolicyDocument } from '@carryover/model/policy-merge';
import type { Preferences } from '@carryover/model/preferences';
import {
  type CheckIn,
  type CheckInRequest,
  CLIENTS,
  type Enrollment,
  type Head,
  LOOPBACK_REDIRECT,
  PAGE_REDIRECT,
  type PolicyBody,
  RESOURCES,
  SCOPES,
  type SnapshotHead,
} from '@carryover/model/wire';
import * as oauth from 'oauth4webapi';
import Provider, { type Configuration } from 'oidc-provider';
import type { ServerCertificate } from './certificates.ts';

export const TENANT_ID = '7c0d8a5e-4f0e-4a55-9d3b-0f6f2a3b1c9d';
export const PERSON = {
  userId: '3f1a6f0e-6d1c-4b6a-8a1e-1b2c3d4e5f60',
  userPrincipalName: 'ada@example.org',
  displayName: 'Ada Lovelace',
};

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request as it reached the device API. */
interface Seen {
  readonly method: string;
  readonly path: string;
  readonly scheme: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface StandIn extends AsyncDisposable {
  readonly url: string;
  readonly issuer: string;
  readonly link: string;
  readonly seen: Seen[];
  decisions: Decisions & { readonly deviceCodeAllowed?: boolean; readonly version?: number };
  /**
   * Documents of the service: with them, or with what is written on a device, the policy is made of all documents, and
   * `decisions` no longer counts.
   */
  documents: readonly Candidate[];
  minimumAgent: string;
  /** Answers instead of the service when it returns something. */
  intercept: (request: Seen) => Answer | undefined;
  /** Forgets every session, as a restart does. */
  endSessions(): void;
  /** Ends every sign-in, as an administrator does. */
  endSignIns(): void;
}

export interface StandInOptions {
  readonly tls?: ServerCertificate;
  /** Seconds that access tokens last. */
  readonly tokenSeconds?: number;
  readonly rotateRefreshToken?: boolean;
  readonly requireNonce?: boolean;
  /** Who signs in; somebody else for tests of the wrong person. */
  readonly accountId?: string;
  readonly refuseSignIn?: boolean;
}

export async function standInService(options: StandInOptions = {}): Promise<StandIn> {
  let handle: (request: IncomingMessage, response: ServerResponse) => void = () => undefined;
  const listener = (request: IncomingMessage, response: ServerResponse) => handle(request, response);
  const server: Server = options.tls === undefined ? createServer(listener) : createTlsServer(options.tls, listener);
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const url = `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`;
  const issuer = `${url}/${TENANT_ID}/v2.0`;

  const stored = new Stored();
  const { provider, publicJwk } = await providerFor(issuer, stored, options);
  const api = apiOf(issuer, publicJwk, stored);
  handle = (request, response) => {
    const path = request.url ?? '/';
    if (path === '/healthz') return void response.writeHead(200).end('ok');
    if (path.startsWith('/device/v1/')) return void api.handle(request, response);
    if (path.startsWith('/interaction/')) return void interaction(provider, request, response, options);
    const prefix = `/${TENANT_ID}/v2.0`;
    if (!path.startsWith(`${prefix}/`)) return void response.writeHead(404).end();
    Object.assign(request, { originalUrl: path, url: path.slice(prefix.length) });
    void provider.callback()(request, response);
  };
  return Object.assign(api.standIn, {
    url,
    issuer,
    link: `${url}/enroll/${TENANT_ID}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise<void>((closed) => server.close(() => closed()));
    },
  });
}

/** What the provider keeps, so that a test can end a sign-in. */
class Stored {
  readonly #database = new DatabaseSync(':memory:');
  constructor() {
    this.#database.exec('CREATE TABLE models (model, id, payload, uid, user_code, grant_id, PRIMARY KEY (model, id))');
  }
  clear(): void {
    this.#database.exec('DELETE FROM models');
  }
  adapter = (model: string) => {
    const find = (column: string) => (value: string) => {
      const row = this.#database
        .prepare(`SELECT payload FROM models WHERE model = ? AND ${column} = ?`)
        .get(model, value);
      return Promise.resolve(row === undefined ? undefined : JSON.parse(String(row['payload'])));
    };
    const database = this.#database;
    return {
      find: find('id'),
      findByUid: find('uid'),
      findByUserCode: find('user_code'),
      async upsert(id: string, payload: { uid?: string; userCode?: string; grantId?: string }) {
        const { uid = null, userCode = null, grantId = null } = payload;
        database
          .prepare('INSERT OR REPLACE INTO models VALUES (?, ?, ?, ?, ?, ?)')
          .run(model, id, JSON.stringify(payload), uid, userCode, grantId);
      },
      async destroy(id: string) {
        database.prepare('DELETE FROM models WHERE model = ? AND id = ?').run(model, id);
      },
      async consume(id: string) {
        database
          .prepare(
            "UPDATE models SET payload = json_set(payload, '$.consumed', unixepoch()) WHERE model = ? AND id = ?",
          )
          .run(model, id);
      },
      async revokeByGrantId(grantId: string) {
        database.prepare('DELETE FROM models WHERE grant_id = ?').run(grantId);
      },
    };
  };
}

const SCOPE_OF: Readonly<Record<string, string>> = Object.fromEntries(
  (['enrollment', 'backup', 'restore'] as const).map((resource) => [`api://${RESOURCES[resource]}`, SCOPES[resource]]),
);

async function providerFor(issuer: string, stored: Stored, options: StandInOptions) {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ]);
  const { key_ops: _ops, ext: _ext, ...key } = await crypto.subtle.exportKey('jwk', privateKey);
  const jwk = { ...key, alg: 'ES256', use: 'sig', kid: 'one' };
  const client = (id: string) => ({
    client_id: id,
    application_type: 'native' as const,
    token_endpoint_auth_method: 'none' as const,
    redirect_uris: [LOOPBACK_REDIRECT, PAGE_REDIRECT],
    response_types: ['code' as const],
    grant_types: ['authorization_code', 'refresh_token', 'urn:ietf:params:oauth:grant-type:device_code'],
    dpop_bound_access_tokens: true,
    id_token_signed_response_alg: 'ES256' as const,
  });
  const configuration: Configuration = {
    adapter: stored.adapter as never,
    clients: [client(CLIENTS.agent), client(CLIENTS.restoreExperience)],
    jwks: { keys: [jwk] } as never,
    scopes: ['openid', 'offline_access'],
    enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    pkce: { required: () => true },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    rotateRefreshToken: options.rotateRefreshToken ?? false,
    ttl: {
      AccessToken: options.tokenSeconds ?? 600,
      AuthorizationCode: 60,
      DeviceCode: 600,
      Grant: 86_400,
      IdToken: 600,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 600,
    },
    features: {
      devInteractions: { enabled: false },
      deviceFlow: { enabled: true },
      dPoP:
        options.requireNonce === true
          ? { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => true }
          : { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => Promise.resolve([]),
        getResourceServerInfo: (_, indicator) => ({
          scope: SCOPE_OF[indicator] ?? '',
          audience: indicator.replace('api://', ''),
          accessTokenTTL: options.tokenSeconds ?? 600,
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  };
  const { d: _, ...publicJwk } = jwk;
  return { provider: new Provider(issuer, configuration), publicJwk };
}

/** Signs the person in and consents to what was asked, without asking. */
async function interaction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
  { accountId = PERSON.userId, refuseSignIn }: StandInOptions,
): Promise<void> {
  const { params } = await provider.interactionDetails(request, response);
  if (refuseSignIn === true) {
    const refusal = { error: 'access_denied', error_description: 'A rule of the organization blocks this' };
    return provider.interactionFinished(request, response, refusal);
  }
  const grant = new provider.Grant({ accountId, clientId: String(params['client_id']) });
  grant.addOIDCScope('openid offline_access');
  for (const indicator of [params['resource']].flat())
    grant.addResourceScope(String(indicator), SCOPE_OF[String(indicator)] ?? '');
  const grantId = await grant.save();
  await provider.interactionFinished(request, response, { login: { accountId }, consent: { grantId } });
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly inner?: string;
}

function apiOf(issuer: string, publicJwk: object, stored: Stored) {
  const sessions = new Map<string, { key: string; count: number }>();
  const proofs = new Set<string>();
  const devices = new Set<string>();
  let preferences: Preferences = {};
  const profileId = randomUUID();
  let head: Head | null = null;
  let local: readonly PolicyDocument[] = [];

  const standIn = {
    seen: [] as Seen[],
    decisions: { backupEnabled: true, restoreEnabled: true } as StandIn['decisions'],
    documents: [] as StandIn['documents'],
    minimumAgent: '0.0.1',
    intercept: (() => undefined) as StandIn['intercept'],
    endSessions: () => sessions.clear(),
    endSignIns: () => stored.clear(),
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { method = 'GET', url = '/', headers } = request;
    const scheme = (headers.authorization ?? '').split(' ')[0] ?? '';
    const seen: Seen = { method, path: url, scheme, headers, body: Buffer.concat(chunks) };
    standIn.seen.push(seen);
    const instead = standIn.intercept(seen);
    const refused = instead === undefined ? await refusalOf(seen) : undefined;
    const {
      status,
      body,
      headers: extra = {},
    }: Answer = instead ?? (refused === undefined ? answer(seen) : refusal(refused));
    const bytes = Buffer.isBuffer(body);
    response.writeHead(status, { 'content-type': bytes ? PARTS_MEDIA_TYPE : 'application/json', ...extra });
    response.end(body === undefined ? undefined : bytes ? body : JSON.stringify(body));
  }

  async function refusalOf(seen: Seen): Promise<Refusal | undefined> {
    if (seen.scheme === 'CarryoverSession') return sessionRefusal(seen);
    const proof = String(seen.headers['dpop'] ?? '').split('.')[1] ?? '';
    const claims = JSON.parse(Buffer.from(proof, 'base64url').toString() || '{}') as { iat?: number; jti?: string };
    if (Math.abs((claims.iat ?? 0) - Date.now() / 1000) > 300)
      return { status: 401, code: 'unauthenticated', inner: 'clockSkew' };
    if (proofs.has(claims.jti ?? '')) return { status: 401, code: 'unauthenticated', inner: 'proofReplayed' };
    proofs.add(claims.jti ?? '');
    try {
      const server: oauth.AuthorizationServer = { issuer, jwks_uri: `${issuer}/jwks` };
      const answered = new Request(new URL(seen.path, issuer), { method: seen.method, headers: seen.headers as never });
      const fetchKeys = async () => Response.json({ keys: [publicJwk] });
      await oauth.validateJwtAccessToken(server, answered, RESOURCES[resourceOf(seen)], {
        requireDPoP: true,
        [oauth.customFetch]: fetchKeys,
        [oauth.allowInsecureRequests]: true,
      });
      return undefined;
    } catch (error) {
      return { status: 401, code: 'unauthenticated', inner: `tokenInvalid: ${(error as Error).message}` };
    }
  }

  function sessionRefusal(seen: Seen): Refusal | undefined {
    const [, id = '', count = '', mac = ''] =
      /id=(\w+), n=(\d+), mac=(\w+)$/.exec(seen.headers.authorization ?? '') ?? [];
    const session = sessions.get(id);
    if (session === undefined || Number(count) <= session.count)
      return { status: 401, code: 'unauthenticated', inner: 'sessionExpired' };
    session.count = Number(count);
    const digest = createHash('sha256').update(seen.body).digest('hex');
    const expected = createHmac('sha256', Buffer.from(session.key, 'hex'))
      .update(`${count}\n${seen.method}\n${seen.path}\n${digest}`)
      .digest('hex');
    return mac === expected ? undefined : { status: 401, code: 'unauthenticated', inner: 'proofInvalid' };
  }

  function answer(seen: Seen): Answer {
    const [, , , kind = '', id = '', rest = ''] = seen.path.split('/');
    const route = `${seen.method} ${kind}${rest === '' ? '' : ` ${rest}`}`;
    if (kind === 'devices' && !devices.has(id)) return refusal({ status: 404, code: 'itemNotFound' });
    switch (route) {
      case 'POST enrollments':
        return { status: 201, body: enrollment(JSON.parse(seen.body.toString())) };
      case 'DELETE devices':
        devices.delete(id);
        return { status: 204, body: undefined };
      case 'POST devices check-ins':
        local = (JSON.parse(seen.body.toString()) as CheckInRequest).localPolicy ?? [];
        return { status: 200, body: checkIn() };
      case 'GET devices policy':
        return { status: 200, body: { policy: policy(), explained: explain(candidates()) } satisfies PolicyBody };
      case 'POST devices snapshots': {
        const sent = decodeParts<SnapshotHead>(seen.body).head;
        head = { seq: (head?.seq ?? 0) + 1, mac: sent.mac, lastBackupAt: Temporal.Now.instant().toString() };
        return { status: 200, body: { ...head, stored: true, policyVersion: 1 } };
      }
      case 'GET devices preferences':
        return { status: 200, body: { preferences } };
      case 'PUT devices preferences':
        preferences = (JSON.parse(seen.body.toString()) as { preferences: Preferences }).preferences;
        return { status: 200, body: { preferences } };
      case 'PUT devices setup-choice':
        return { status: 204, body: undefined };
      case 'GET devices profiles':
        return { status: 200, body: { value: [] } };
      default:
        return refusal({ status: 404, code: 'itemNotFound' });
    }
  }

  function enrollment({ enrollmentToken }: { enrollmentToken?: string }): Enrollment {
    const deviceId = randomUUID();
    devices.add(deviceId);
    return {
      deviceId,
      profileId,
      joinType: enrollmentToken === undefined ? 'registered' : 'joined',
      person: PERSON,
      tenantId: TENANT_ID,
      organization: 'Example Organization',
      enrolledAt: Temporal.Now.instant().toString(),
      checkIn: checkIn(),
    };
  }

  function checkIn(): CheckIn {
    const session = { id: randomBytes(16).toString('hex'), key: randomBytes(32).toString('hex'), expiresInSeconds: 60 };
    sessions.set(session.id, { key: session.key, count: 0 });
    return {
      now: Temporal.Now.instant().toString(),
      policy: policy(),
      preferences,
      eligibility: {
        backup: policy().backupEnabled ? [] : [{ code: 'notSwitchedOn', facts: { org: 'Example Organization' } }],
        restoreAtSetup: [],
        restoreAtFirstSignIn: [],
        restoreOnDemand: [],
      },
      digestKey: 'ab'.repeat(32),
      profileId,
      head,
      session,
      minimumAgent: standIn.minimumAgent,
    };
  }

  function candidates(): Candidate[] {
    const here = local.map((document): Candidate => {
      const unknown = document.settings.map(({ policy }) => policy).filter((name) => policyByName(name) === undefined);
      return { document, reach: { reached: true, kind: 'everybody' }, unknown };
    });
    return [...standIn.documents, ...here];
  }

  function policy(): EffectivePolicy {
    const { version = 1, deviceCodeAllowed = false } = standIn.decisions;
    const facts = { version, organization: 'Example Organization', restorePageAtEnrollment: true };
    const meant = candidates().flatMap(({ document, reach }) => (reach.reached ? [document] : []));
    const decisions = candidates().length === 0 ? standIn.decisions : mergePolicies(meant).decisions;
    return { ...effectivePolicy(decisions, facts), deviceCodeAllowed };
  }

  return { handle, standIn };
}

function resourceOf({ path, method }: Seen): 'enrollment' | 'backup' | 'restore' {
  if (path === '/device/v1/enrollments') return 'enrollment';
  const backup = /^\/device\/v1\/devices\/[^/]+(\/(check-ins|policy|snapshots|preferences|setup-choice))?$/;
  return backup.test(path) || method === 'DELETE' ? 'backup' : 'restore';
}

function refusal({ status, code, inner }: Refusal) {
  const innerError = { ...(inner === undefined ? {} : { code: inner }), 'request-id': 'r-1' };
  return { status, body: { error: { code, message: `Refused: ${inner ?? code}.`, innerError } } };
}
