/**
 * The whole service for a test: real HTTP on a free loopback port, real databases in a scratch folder, and people who
 * sign in as people do, through the pages.
 */

import { hash, randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { DeviceFacts } from '@carryover/model/device';
import { CLIENTS, type Enrollment, LOOPBACK_REDIRECT, RESOURCES, type Resource, SCOPES } from '@carryover/model/wire';
import { type Change, freshSalt } from '../src/audit/audit.ts';
import { configFrom } from '../src/config.ts';
import type { Store } from '../src/db/command.ts';
import { addPerson } from '../src/directory/administration.ts';
import type { Role } from '../src/directory/roles.ts';
import { type Service, serve } from '../src/serve.ts';
import { GRAPH_SCOPES } from '../src/signin/clients.ts';
import { createSetupCode } from '../src/tenants/tenants.ts';
import { Browser, type Page } from './browser.ts';
import { type FreshDatabase, testOnEveryFreshDatabase } from './databases.ts';
import { newProofKey, type ProofKey, proofOf } from './proofs.ts';

export interface TestServiceOptions {
  /** A database of testOnEveryFreshDatabase; SQLite in a scratch folder when undefined. */
  readonly database?: FreshDatabase;
  readonly now?: () => Temporal.Instant;
  /** More of the environment, e.g. SIGN_IN_LIMIT. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface Person {
  readonly tenantId: string;
  readonly userId: string;
  readonly userPrincipalName: string;
  readonly password: string;
}

export interface Organization {
  readonly tenantId: string;
  readonly name: string;
  readonly issuer: string;
  readonly administrator: Person;
  /** People without a role. */
  readonly alice: Person;
  readonly bob: Person;
}

export interface SignedIn {
  readonly accessToken: string;
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
  /** Undefined for bearer tokens. */
  readonly key: ProofKey | undefined;
  readonly tokenType: string;
  /** A request with this token, proven where the token is bound. Path below the service's URL. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

export interface TestService {
  readonly url: string;
  readonly store: Store;
  readonly service: Service;
  /** Every line that was logged so far. */
  readonly log: readonly string[];
  stop(): Promise<void>;
  /** An organization with an administrator and two people, through the set-up address. */
  setUp(name?: string): Promise<Organization>;
  addPerson(tenantId: string, name: string, roles?: readonly Role[]): Promise<Person>;
  /** Signs a person in through the pages and redeems the code. */
  signIn(person: Person, options: SignInOptions): Promise<SignedIn>;
  /** A new access token, e.g. for another resource of the same client. */
  refresh(signedIn: SignedIn, tenantId: string, options: { client: string; resource: Resource }): Promise<SignedIn>;
  /** Enrolls a device of this person: its tokens for enrollment, backup and restore share a key. */
  enroll(person: Person, facts?: Partial<DeviceFacts>): Promise<EnrolledDevice>;
}

export interface SignInOptions {
  readonly client: string;
  readonly resource: Resource;
  /** A key to bind to; a new one when undefined. Graph tokens are bearer tokens unless a key is given. */
  readonly key?: ProofKey;
  readonly browser?: Browser;
  /** Scopes of the resource to ask for; all of the client's when undefined. */
  readonly scopes?: readonly string[];
}

export interface EnrolledDevice {
  readonly enrollment: Enrollment;
  readonly key: ProofKey;
  readonly backup: SignedIn;
  /** Signs in to the restore resource with the same key. */
  restore(): Promise<SignedIn>;
}

export const SAMPLE_DEVICE: DeviceFacts = {
  name: 'desk-1',
  platform: 'linux',
  build: 'debian 12 gnome 43.9',
  osName: 'Debian GNU/Linux 12 (bookworm), GNOME 43',
  machineHash: 'a'.repeat(64),
  agentVersion: '0.1.0',
};

/** Starts a service; stop it at the end. */
export async function aService({ database, now, env }: TestServiceOptions = {}): Promise<TestService> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-service-'));
  const log: string[] = [];
  const dataFolder = join(folder, 'data');
  const config = configFrom({
    PORT: '0',
    DATA_FOLDER: dataFolder,
    DEPLOYMENT_KEY_FILE: join(folder, 'deployment.key'),
    SIGN_IN_LIMIT: '100000',
    LOG_LEVEL: 'debug',
    ...env,
  });
  // On PostgreSQL both live in one schema, in tables of their own.
  const placed =
    database === undefined
      ? config
      : { ...config, databaseUrl: database.databaseUrl, keysDatabaseUrl: database.keysUrl };
  const service = await serve({
    config: placed,
    confirmRecoveryCopy: async () => true,
    logStream: { write: (line) => log.push(line) },
    ...(now === undefined ? {} : { now }),
  });
  const { url, store } = service;

  const made: TestService = {
    url,
    store,
    service,
    log,
    async stop() {
      await service.stop();
      await rm(folder, { recursive: true, force: true });
    },

    async setUp(name = 'Contoso') {
      const code = await createSetupCode(store, (now ?? Temporal.Now.instant)());
      const domain = `${name.toLowerCase().replace(/\W/g, '')}.example`;
      const [userPrincipalName, password] = [`admin@${domain}`, newPassword()];
      const response = await fetch(`${url}/admin/setup`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ code, organization: name, userPrincipalName, displayName: 'Administrator', password }),
      });
      if (response.status !== 201) throw new Error(`Set-up failed: ${await response.text()}`);
      const { tenantId, userId, issuer } = (await response.json()) as Record<'tenantId' | 'userId' | 'issuer', string>;
      return {
        tenantId,
        name,
        issuer,
        administrator: { tenantId, userId, userPrincipalName, password },
        alice: await made.addPerson(tenantId, `alice@${domain}`),
        bob: await made.addPerson(tenantId, `bob@${domain}`),
      };
    },

    async addPerson(tenantId, userPrincipalName, roles = []) {
      const password = newPassword();
      const displayName = userPrincipalName.split('@')[0] ?? '';
      const draft = { userPrincipalName, displayName, password, roles };
      const { userId } = await addPerson(store, changeIn(tenantId), draft);
      return { tenantId, userId, userPrincipalName, password };
    },

    signIn: (person, options) => signInAt(url, person, options),

    refresh: (signedIn, tenantId, wanted) => refreshAt(url, signedIn, { tenantId, ...wanted }),

    enroll: (person, facts) => enrollAt(url, person, facts),
  };
  return made;
}

/** One test on SQLite and one on PostgreSQL, each with a service of its own that is stopped afterwards. */
export function testOnEveryService(
  name: string,
  run: (service: TestService, context: TestContext) => Promise<void>,
  options: TestServiceOptions = {},
): void {
  testOnEveryFreshDatabase(name, async (database, context) => {
    const service = await aService({ ...options, database });
    try {
      await run(service, context);
    } finally {
      await service.stop();
    }
  });
}

/** One test on SQLite alone, for what has nothing to do with the database. */
export function testOnService(
  name: string,
  run: (service: TestService, context: TestContext) => Promise<void>,
  options: TestServiceOptions = {},
): void {
  test(name, async (context) => {
    const service = await aService(options);
    try {
      await run(service, context);
    } finally {
      await service.stop();
    }
  });
}

/** Nobody listens there: the browser stops where it would leave the service. */
export const REDIRECT_URI = LOOPBACK_REDIRECT.replace(/\/$/, ':49152/');

export interface AuthorizationRequest {
  readonly url: URL;
  readonly verifier: string;
  readonly key: ProofKey | undefined;
}

export function authorizationRequest(
  serviceUrl: string,
  tenantId: string,
  options: SignInOptions,
): AuthorizationRequest {
  const verifier = randomBytes(32).toString('base64url');
  const key = options.key ?? (options.resource === 'graph' ? undefined : newProofKey());
  const url = new URL(`${serviceUrl}/${tenantId}/v2.0/authorize`);
  for (const [name, value] of Object.entries({
    client_id: options.client,
    redirect_uri: REDIRECT_URI,
    response_type: 'code',
    scope: ['openid', 'offline_access', 'profile', ...(options.scopes ?? scopesOf(options.client))].join(' '),
    code_challenge: hash('sha256', verifier, 'base64url'),
    code_challenge_method: 'S256',
    state: randomBytes(8).toString('hex'),
    prompt: 'consent',
    ...(key === undefined ? {} : { dpop_jkt: key.jkt }),
  }))
    url.searchParams.set(name, value);
  return { url, verifier, key };
}

/** Signs a person in at the service of this address, through the pages, and redeems the code. */
export async function signInAt(
  serviceUrl: string,
  person: Pick<Person, 'tenantId' | 'userPrincipalName' | 'password'>,
  options: SignInOptions,
): Promise<SignedIn> {
  const request = authorizationRequest(serviceUrl, person.tenantId, options);
  const page = await signInThroughPages(options.browser ?? new Browser(), request.url, person);
  const code = page.left?.searchParams.get('code');
  if (code === null || code === undefined)
    throw new Error(`No code: ${page.left ?? `${page.status} ${page.title} ${page.html}`}`);
  return redeem(serviceUrl, person.tenantId, request.key, {
    grant_type: 'authorization_code',
    client_id: options.client,
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: request.verifier,
    resource: `api://${RESOURCES[options.resource]}`,
  });
}

/** A new access token for a resource of the same client. */
function refreshAt(
  serviceUrl: string,
  signedIn: SignedIn,
  { tenantId, client, resource }: { tenantId: string; client: string; resource: Resource },
): Promise<SignedIn> {
  return redeem(serviceUrl, tenantId, signedIn.key, {
    grant_type: 'refresh_token',
    client_id: client,
    refresh_token: signedIn.refreshToken ?? '',
    resource: `api://${RESOURCES[resource]}`,
  });
}

/** Enrolls a device of this person at the service of this address. */
export async function enrollAt(
  serviceUrl: string,
  person: Pick<Person, 'tenantId' | 'userPrincipalName' | 'password'>,
  facts: Partial<DeviceFacts> = {},
): Promise<EnrolledDevice> {
  const { tenantId } = person;
  const key = newProofKey();
  const browser = new Browser();
  const machineHash = hash('sha256', randomBytes(16), 'hex');
  const device = { ...SAMPLE_DEVICE, machineHash, ...facts };
  const client = CLIENTS.agent;
  const enrolling = await signInAt(serviceUrl, person, { client, resource: 'enrollment', key, browser });
  const response = await enrolling.fetch('/device/v1/enrollments', jsonBody('POST', { device }));
  if (response.status !== 201) throw new Error(`Enrollment failed: ${await response.text()}`);
  return {
    enrollment: (await response.json()) as Enrollment,
    key,
    backup: await refreshAt(serviceUrl, enrolling, { tenantId, client, resource: 'backup' }),
    restore: () =>
      signInAt(serviceUrl, person, { client: CLIENTS.restoreExperience, resource: 'restore', key, browser }),
  };
}

/** Opens the request and signs in where the page asks for it; the session of an earlier sign-in may spare that. */
export async function signInThroughPages(
  browser: Browser,
  url: URL,
  person: Pick<Person, 'userPrincipalName' | 'password'>,
): Promise<Page> {
  const page = await browser.open(url);
  if (page.left !== undefined || page.forms.length === 0) return page;
  const { userPrincipalName: userName, password } = person;
  return browser.submit(page, { userName, password });
}

function scopesOf(client: string): readonly string[] {
  switch (client) {
    case CLIENTS.agent:
      return [SCOPES.enrollment, SCOPES.backup];
    case CLIENTS.restoreExperience:
      return [SCOPES.restore];
    default:
      return GRAPH_SCOPES;
  }
}

async function redeem(
  serviceUrl: string,
  tenantId: string,
  key: ProofKey | undefined,
  form: Readonly<Record<string, string>>,
): Promise<SignedIn> {
  const tokenUrl = `${serviceUrl}/${tenantId}/v2.0/token`;
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: key === undefined ? {} : { dpop: proofOf(key, { method: 'POST', url: tokenUrl }) },
    body: new URLSearchParams(form),
  });
  const answer = (await response.json()) as Record<string, string>;
  const { access_token: accessToken, refresh_token: refreshToken, id_token: idToken, token_type: tokenType } = answer;
  if (response.status !== 200 || accessToken === undefined || tokenType === undefined)
    throw new Error(`No token: ${response.status} ${JSON.stringify(answer)}`);
  return {
    accessToken,
    refreshToken: refreshToken ?? form['refresh_token'],
    idToken,
    key,
    tokenType,
    fetch: (path, init = {}) => {
      const url = new URL(path, serviceUrl);
      const method = init.method ?? 'GET';
      return fetch(url, {
        ...init,
        headers: {
          ...(init.headers as Record<string, string> | undefined),
          authorization: `${tokenType} ${accessToken}`,
          ...(key === undefined ? {} : { dpop: proofOf(key, { method, url, accessToken }) }),
        },
      });
    },
  };
}

export function jsonBody(method: string, value: unknown): RequestInit {
  return { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) };
}

/** A change as the operator of the service makes it. */
export function changeIn(tenantId: string): Change {
  return { tenantId, at: Date.now(), actor: { kind: 'operator' }, salt: freshSalt() };
}

function newPassword(): string {
  return randomBytes(12).toString('base64url');
}
