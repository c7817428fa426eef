/**
 * The service as an operator starts it: `carryover serve` in a process of its own, SQLite in a scratch folder.
 *
 * It can be killed and started again on the same data, and ends with the process that started it.
 */

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from '../../server/testing/free-port.ts';
import { startGuarded } from '../../server/testing/guarded-process.ts';

const ROOT = join(import.meta.dirname, '..', '..');
const MAX_START_MS = 60_000;

export interface ServiceProcess {
  readonly url: string;
  /** Code for the first administrator; undefined when there is an organization already. */
  readonly setupCode: string | undefined;
  readonly logFile: string;
  readonly pid: number;
  /** Asks it to stop and waits until it has. */
  stop(): Promise<void>;
  /** Ends it as a power cut would, if it still runs. */
  kill(): Promise<void>;
}

export interface ServiceOptions {
  /** Holds data, key and log. */
  readonly folder: string;
  /** A free one when undefined. */
  readonly port?: number;
  /** Puts the data on a disk of this size, in memory, that only the service sees and that ends with it. */
  readonly dataMegabytes?: number | undefined;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts it and waits until it is ready. Errors: Error with its last words. */
export async function startService({ folder, port, env = {}, dataMegabytes }: ServiceOptions): Promise<ServiceProcess> {
  const chosen = port ?? (await freePort());
  const logFile = join(folder, `service-${Date.now()}.log`);
  const process_ = await startGuarded(
    [
      ...(dataMegabytes === undefined ? [] : smallDisk(join(folder, 'data'), dataMegabytes)),
      process.execPath,
      join(ROOT, 'server', 'src', 'main.ts'),
      'serve',
      '--yes-i-have-a-copy',
    ],
    {
      env: {
        ...(process.env as Record<string, string>),
        PORT: String(chosen),
        DATA_FOLDER: join(folder, 'data'),
        DEPLOYMENT_KEY_FILE: join(folder, 'deployment.key'),
        LOG_LEVEL: 'info',
        ...env,
      },
      signal: 'TERM',
      logFile,
    },
  );
  const url = `http://127.0.0.1:${chosen}`;
  let over = false;
  void process_.ended.then(() => {
    over = true;
  });
  await ready(url, process_.ended, logFile);
  const [, setupCode] = /enter this code: (\S+)/.exec(await readFile(logFile, 'utf8')) ?? [];
  return {
    url,
    setupCode,
    logFile,
    pid: process_.pid,
    stop: () => process_.stop(),
    async kill() {
      if (!over) process.kill(process_.pid, 'SIGKILL');
      await process_.stop();
    },
  };
}

/** Words before a command that let it run with a disk of its own at `folder`, in a mount namespace of its own. */
function smallDisk(folder: string, megabytes: number): string[] {
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user'];
  const script = 'mkdir -p "$1" && mount -t tmpfs -o "size=$2m" tmpfs "$1" && shift 2 && exec "$@"';
  return ['unshare', '--mount', ...asRoot, 'sh', '-c', script, 'small-disk', folder, String(megabytes)];
}

async function ready(url: string, ended: Promise<unknown>, logFile: string): Promise<void> {
  let over = false;
  void ended.then(() => {
    over = true;
  });
  const deadline = performance.now() + MAX_START_MS;
  while (performance.now() < deadline && !over) {
    const answer = await fetch(`${url}/readyz`).catch(() => undefined);
    // Its first words are written before it is ready, so the log is whole by now.
    if (answer?.ok && /Carryover listens/.test(await readFile(logFile, 'utf8'))) return;
    await delay(20);
  }
  throw new Error(`The service did not start:\n${await readFile(logFile, 'utf8')}`);
}
