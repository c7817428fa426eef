/**
 * Starts and stops the service as a whole: databases, keys, the listening socket, the app, the sweeps.
 *
 * It listens before the app is built, because the app is told its own address; nobody is served before it is ready.
 * Stopping: no new requests, those under way are finished, the writer is drained, then everything closes.
 */

import { createHash, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { buildApp } from './app.ts';
import { readCatalog } from './catalog.ts';
import type { Config } from './config.ts';
import type { Store } from './db/command.ts';
import { openStore } from './db/store.ts';
import { createLog } from './http/log.ts';
import { sweepProofs } from './http/proofs.ts';
import { deploymentKeyFromFile } from './keys/deployment-key.ts';
import { openKeys } from './keys/hierarchy.ts';
import type { Keys } from './keys/keys.ts';
import { destroyDeleted } from './profiles/profiles.ts';
import type { SignIn } from './signin/signin.ts';
import { sweepRecords } from './signin/store.ts';

/** How often what expired (sign-ins, proofs, deleted profiles) is swept out, in milliseconds. */
const SWEEP_MS = 60_000;
/** Requests still running this long after a stop was asked for are cut off, in milliseconds. */
const MAX_STOP_MS = 20_000;

export interface ServeOptions {
  readonly config: Config;
  /** Shows the recovery copy of a new deployment key and says whether it was kept. */
  readonly confirmRecoveryCopy: (copy: string) => Promise<boolean>;
  readonly now?: () => Temporal.Instant;
  readonly logStream?: { write(line: string): void };
}

export interface Service {
  /** Where clients reach it. */
  readonly url: string;
  readonly app: FastifyInstance;
  readonly store: Store;
  readonly keys: Keys;
  readonly signIn: SignIn;
  stop(): Promise<void>;
}

/** Errors: KnownError of configuration, keys or databases; the system's own when the address is taken. */
export async function serve({
  config,
  confirmRecoveryCopy,
  now = Temporal.Now.instant,
  logStream,
}: ServeOptions): Promise<Service> {
  const log = createLog({ level: config.logLevel, stream: logStream });
  const { store, keys } = await openDatabases(config, confirmRecoveryCopy);
  const { server, pin } = await listen(config).catch((error: unknown) => closeAll(store, keys, error));
  const url = config.publicUrl ?? addressOf(server, config);
  let answer = notYet;
  server.on('request', notYet);
  const built = buildApp({
    config,
    publicUrl: url,
    store,
    keys,
    catalog: readCatalog(),
    log,
    now,
    pin,
    serverFactory: (handler) => {
      answer = handler as RequestListener;
      return server;
    },
  });
  const { app, signIn } = await built
    .then(async (made) => {
      await made.app.ready();
      return made;
    })
    .catch((error: unknown) => {
      server.close();
      return closeAll(store, keys, error);
    });
  server.off('request', notYet).on('request', answer);

  const sweeping = setInterval(() => {
    const moment = now().epochMilliseconds;
    Promise.all([
      store.write(sweepProofs, moment),
      store.write(sweepRecords, moment),
      destroyDeleted({ store, keys }, now()),
    ]).catch((error: unknown) => log.error({ err: error }, 'the sweep failed'));
  }, SWEEP_MS).unref();

  let stopped: Promise<void> | undefined;
  return { url, app, store, keys, signIn, stop: () => (stopped ??= stop()) };

  async function stop(): Promise<void> {
    clearInterval(sweeping);
    const closed = server.listening ? once(server, 'close') : Promise.resolve();
    server.close();
    // A connection whose last request is answered would wait for another one.
    const idle = setInterval(() => server.closeIdleConnections(), 50);
    const cutOff = setTimeout(() => server.closeAllConnections(), MAX_STOP_MS).unref();
    await app.close();
    await closed;
    clearTimeout(cutOff);
    clearInterval(idle);
    await closeAll(store, keys);
  }
}

/** Who comes before the app is whole is told to come again. */
const notYet: RequestListener = (_request, response) => {
  response.writeHead(503, { 'retry-after': '1' }).end();
};

/** The databases alone, for operator commands. */
export async function openDatabases(
  config: Config,
  confirmRecoveryCopy: (copy: string) => Promise<boolean>,
): Promise<{ readonly store: Store; readonly keys: Keys }> {
  const files = [config.databaseUrl, config.keysDatabaseUrl].some((url) => url.startsWith('sqlite:'));
  if (files) await mkdir(config.dataFolder, { recursive: true, mode: 0o700 });
  const keys = await openKeys({
    databaseUrl: config.keysDatabaseUrl,
    deploymentKey: (fresh) =>
      deploymentKeyFromFile({
        file: config.deploymentKeyFile,
        dataFolder: config.dataFolder,
        fresh,
        confirm: confirmRecoveryCopy,
      }),
  });
  const store = await openStore({
    databaseUrl: config.databaseUrl,
    commands: new URL('./commands.ts', import.meta.url),
  }).catch((error: unknown) => closeAll(undefined, keys, error));
  return { store, keys };
}

async function closeAll(store: Store | undefined, keys: Keys, error?: unknown): Promise<never>;
async function closeAll(store: Store | undefined, keys: Keys): Promise<void>;
async function closeAll(store: Store | undefined, keys: Keys, error?: unknown): Promise<void> {
  await store?.close();
  await keys.close();
  if (error !== undefined) throw error;
}

async function listen(config: Config): Promise<{ readonly server: Server; readonly pin: string | undefined }> {
  const { server, pin } = await createListener(config);
  server.listen({ host: config.host, port: config.port });
  await once(server, 'listening');
  return { server, pin };
}

async function createListener({ tls }: Config): Promise<{ readonly server: Server; readonly pin: string | undefined }> {
  if (tls === undefined) return { server: createServer(), pin: undefined };
  const [cert, key] = await Promise.all([readFile(tls.certFile, 'utf8'), readFile(tls.keyFile, 'utf8')]);
  return { server: createSecureServer({ cert, key, minVersion: 'TLSv1.2' }) as unknown as Server, pin: pinOf(cert) };
}

/** The last certificate of the file is the authority that devices shall trust, or our own when it stands alone. */
function pinOf(pem: string): string {
  const certificates = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  const { publicKey } = new X509Certificate(certificates.at(-1) ?? pem);
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

function addressOf(server: Server, { host, tls }: Config): string {
  const { port } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  return new URL(`${tls === undefined ? 'http' : 'https'}://${name}:${port}`).origin;
}
