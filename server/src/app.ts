/**
 * The service as one Fastify app: what every request passes, then the routes of each context.
 *
 * Nothing here decides anything about data; it makes the parts and hands them over.
 */

import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { KnownError } from '@carryover/model/errors';
import { PARTS_MEDIA_TYPE } from '@carryover/model/parts';
import type { RestoreOccasion } from '@carryover/model/restore-occasion';
import type { Catalog } from '@carryover/model/setting';
import { MAX_UPLOAD_BYTES } from '@carryover/model/unit';
import rateLimit from '@fastify/rate-limit';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import underPressure from '@fastify/under-pressure';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import { auditRoutes } from './audit/routes.ts';
import { autopilotIdentityRoutes } from './autopilot/identity-routes.ts';
import { autopilotRoutes } from './autopilot/routes.ts';
import type { Config } from './config.ts';
import type { Store } from './db/command.ts';
import { ZERO_ID } from './db/schema.ts';
import { deviceAdministrationRoutes } from './devices/administration-routes.ts';
import { findRegisteredKey } from './devices/devices.ts';
import { enrollmentTokenRoutes } from './devices/enrollment-tokens.ts';
import { deviceRoutes } from './devices/routes.ts';
import { createPasswordChecks, findPerson } from './directory/directory.ts';
import { groupRoutes } from './directory/group-routes.ts';
import { roleRoutes } from './directory/role-routes.ts';
import { directoryRoutes } from './directory/routes.ts';
import { graphRoutes } from './graph/routes.ts';
import { authenticateRequests } from './http/authenticate.ts';
import { refuseWhenBusy } from './http/busy.ts';
import type { Access, Caller } from './http/caller.ts';
import { describeApi } from './http/description.ts';
import { handleErrors, nameRequests } from './http/errors.ts';
import { logRequests } from './http/log.ts';
import { createMetrics, serveMetrics } from './http/metrics.ts';
import { createPages } from './http/page.ts';
import { servePageFiles } from './http/page-file-routes.ts';
import { rememberProof } from './http/proofs.ts';
import { protectAnswers } from './http/protective-headers.ts';
import { refuseUnknownOptions } from './http/query.ts';
import { collectRoutes } from './http/routes.ts';
import { createSessions } from './http/session.ts';
import { slowDownFor } from './http/slow-down.ts';
import { insightRoutes } from './insight/routes.ts';
import type { Keys } from './keys/keys.ts';
import { definitionRoutes } from './policies/definition-routes.ts';
import { documentRoutes } from './policies/document-routes.ts';
import { explainRoutes } from './policies/explain-routes.ts';
import { joinSettingsRoutes } from './policies/join-settings.ts';
import { restoreConfigurationRoutes } from './policies/restore-configuration-routes.ts';
import { restorePageRoutes } from './policies/restore-page-routes.ts';
import { tenantPolicyRoutes } from './policies/tenant-routes.ts';
import { preferenceRoutes } from './preferences/routes.ts';
import { profileRoutes } from './profiles/routes.ts';
import { restoreRoutes } from './restores/routes.ts';
import { signInRoutes } from './signin/routes.ts';
import { createSignIn, endKeySignIns, endSignIns, type SignIn } from './signin/signin.ts';
import { snapshotRoutes } from './snapshots/routes.ts';
import type { Storage } from './snapshots/snapshots.ts';
import { startValidator } from './snapshots/validator.ts';
import { restoringStandingOf } from './standing/restoring.ts';
import { type StandingParts, standingOf } from './standing/standing.ts';
import { setupRoutes } from './tenants/routes.ts';
import { isEmpty } from './tenants/tenants.ts';
import { webPages } from './web-pages.ts';

/** Largest JSON body, in bytes; reports of a restore are the largest. */
const MAX_JSON_BYTES = 4 * 1024 * 1024;

/** The service says that it is busy when its event loop lags this much, in milliseconds. */
const MAX_LOOP_DELAY_MS = 5000;

export interface AppParts {
  readonly config: Config;
  /** Origin under which clients reach the service. */
  readonly publicUrl: string;
  readonly store: Store;
  readonly keys: Keys;
  readonly catalog: Catalog;
  readonly log: FastifyBaseLogger;
  readonly now: () => Temporal.Instant;
  /** SHA-256 of the public key of the authority behind the certificate, hex; undefined without TLS here. */
  readonly pin: string | undefined;
  /** Gives the server that listens (or will) once it has the handler; Fastify's own when undefined. */
  readonly serverFactory?: FastifyServerOptions<Server>['serverFactory'];
}

const PUBLIC = { public: true, why: 'says nothing about anyone' } as const satisfies Access;

export interface BuiltApp {
  readonly app: FastifyInstance;
  readonly signIn: SignIn;
}

export async function buildApp(parts: AppParts): Promise<BuiltApp> {
  const { config, publicUrl, keys, catalog, log, now } = parts;
  const metrics = createMetrics();
  const store = metrics.measured(parts.store);

  const app = Fastify({
    loggerInstance: log,
    // One line a request, of our own making: http/log.ts.
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
    bodyLimit: MAX_JSON_BYTES,
    forceCloseConnections: 'idle',
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false } },
    ...(parts.serverFactory === undefined ? {} : { serverFactory: parts.serverFactory }),
  }).withTypeProvider<TypeBoxTypeProvider>();

  const routes = collectRoutes(app);
  nameRequests(app);
  logRequests(app);
  handleErrors(app, routes);
  parseBodies(app);
  protectAnswers(app, publicUrl);
  // Without limits it only measures.
  await app.register(underPressure);
  const lag = refuseWhenBusy(app, MAX_LOOP_DELAY_MS);
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: (_request, { after }) =>
      new KnownError('tooManyRequests', `Too many attempts. Try again in ${after}.`, { inner: 'rateLimit' }),
  });

  const sessions = createSessions(now);
  const signIn = createSignIn({
    store,
    keys,
    publicUrl,
    now,
    onFault: ({ tenantId, error }) => log.error({ tenant: tenantId, err: error }, 'a fault of the sign-in'),
  });
  authenticateRequests(app, {
    publicUrl,
    sessions,
    now,
    identities: {
      findSigningKey: (tenantId, kid) => signIn.findSigningKey(tenantId, kid),
      findPerson: (owner, asked) => findPerson(store, owner, asked),
      findRegisteredKey: (owner, jkt) => findRegisteredKey(store, owner, jkt),
      rememberProof: ({ jkt, jti, expiresAt }) => store.write(rememberProof, jkt, jti, expiresAt),
    },
  });
  refuseUnknownOptions(app);
  serveMetrics(app, metrics, config.metricsToken);
  await describeApi(app, publicUrl);
  servePageFiles(app);

  const builds = catalog.gates;
  const validator = startValidator({
    storage: { store, keys },
    onFault: (error, { tenantId, seq }) =>
      log.error({ tenant: tenantId, seq, err: error }, 'a snapshot could not be checked'),
  });
  app.addHook('onClose', () => validator.close());
  const storage: Storage = { store, keys, received: validator.received };
  const served = { cloud: config.cloud, regions: config.regions };
  const standings: StandingParts = { store, builds, served };
  const standingOfCaller = (caller: Caller) => standingOf(standings, caller, caller.deviceId ?? '');
  const restoringOfCaller = (caller: Caller, occasion?: RestoreOccasion) =>
    restoringStandingOf(standings, caller, { deviceId: caller.deviceId ?? '', occasion, now: now() });
  // The deployment's own secret is kept as that of no organization.
  const [pageSecret] = await keys.signingSecrets(ZERO_ID, async () => crypto.getRandomValues(new Uint8Array(32)));
  const pages = createPages(publicUrl, pageSecret?.secret ?? new Uint8Array());
  const passwords = createPasswordChecks(store, now);
  const { signInLimit } = config;

  await app.register(setupRoutes, { store, publicUrl, served, now, signInLimit, pin: parts.pin });
  await app.register(signInRoutes, { store, signIn, passwords, publicUrl, now, signInLimit });
  await app.register(directoryRoutes, {
    store,
    pages,
    publicUrl,
    now,
    endSignIns: (owner) => endSignIns(store, owner),
  });
  await app.register(groupRoutes, { store, pages, publicUrl, now });
  await app.register(roleRoutes, { store, pages, publicUrl, now });
  await app.register(deviceRoutes, {
    ...standings,
    keys,
    sessions,
    now,
    slowDownSeconds: () => slowDownFor(lag(), MAX_LOOP_DELAY_MS),
    endKeySignIns: (tenantId, jkt) => endKeySignIns(store, tenantId, jkt),
  });
  await app.register(deviceAdministrationRoutes, {
    store,
    sessions,
    now,
    endKeySignIns: (tenantId, jkt) => endKeySignIns(store, tenantId, jkt),
  });
  await app.register(preferenceRoutes, { store, standingOf: standingOfCaller, now });
  await app.register(snapshotRoutes, {
    storage,
    catalog,
    standingOf: standingOfCaller,
    restoringStandingOf: (caller) => restoringOfCaller(caller),
    now,
  });
  await app.register(profileRoutes, { store, restoringStandingOf: (caller) => restoringOfCaller(caller), now });
  await app.register(restoreRoutes, { storage, restoringStandingOf: restoringOfCaller, now });
  await app.register(graphRoutes, { storage, pages, publicUrl });
  await app.register(explainRoutes, { store });
  await app.register(definitionRoutes, { pages, publicUrl });
  await app.register(documentRoutes, { store, pages, publicUrl, now });
  await app.register(restoreConfigurationRoutes, { store, pages, publicUrl, now });
  await app.register(restorePageRoutes, { store, pages, publicUrl, now });
  await app.register(tenantPolicyRoutes, { store, publicUrl, now });
  await app.register(joinSettingsRoutes, { store, publicUrl, now });
  await app.register(autopilotRoutes, { store, pages, publicUrl, now });
  await app.register(autopilotIdentityRoutes, { store, pages, publicUrl, now });
  await app.register(enrollmentTokenRoutes, { store, pages, now });
  await app.register(insightRoutes, { store, pages, publicUrl, builds, now, recoveryCopyAt: () => keys.madeAt() });
  await app.register(auditRoutes, { store, pages });
  await app.register(webPages);
  serveHealth(app, store, keys);
  return { app, signIn };
}

/** JSON keeps its bytes beside it, for sessions; uploads stay bytes. */
function parseBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    request.rawBody = body as Buffer;
    void parseJson(request, body.toString('utf8'), done);
  });
  app.addContentTypeParser(
    PARTS_MEDIA_TYPE,
    { parseAs: 'buffer', bodyLimit: MAX_UPLOAD_BYTES },
    (request, body, done) => {
      request.rawBody = body as Buffer;
      done(null, body);
    },
  );
}

/** `/healthz`: the process answers. `/readyz`: so does all that it needs to do its work. */
function serveHealth(app: FastifyInstance, store: Store, keys: Keys): void {
  const needed: readonly [string, () => Promise<unknown>][] = [
    ['the database does not answer', () => isEmpty(store)],
    ['the key store does not answer', () => keys.mustAnswer()],
  ];
  app.get('/healthz', { schema: { hide: true }, config: { access: PUBLIC } }, async () => ({ status: 'ok' }));
  app.get('/readyz', { schema: { hide: true }, config: { access: PUBLIC } }, async (request, reply) => {
    for (const [fault, ask] of needed)
      try {
        await ask();
      } catch (error) {
        request.log.error({ err: error }, fault);
        return reply.code(503).send({ status: fault });
      }
    return { status: 'ready' };
  });
}
