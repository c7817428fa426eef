/**
 * A person's Linux device for tests: a HOME, a runtime folder and a message bus of its own, real dconf and real Flatpak.
 *
 * Nothing of the machine's own user is read or written. Works as root and as anybody. The device ends with `remove`, and
 * its bus also ends when the test process does, however that happens.
 */

import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { endLeftovers, markedProcessesLeft, RUN_MARK } from '../../scripts/leftovers.ts';
import { startGuarded } from '../../server/testing/guarded-process.ts';
import { type Ran, runProgram } from './run-program.ts';

const AGENT_COMMAND = [
  process.execPath,
  join(dirname(dirname(import.meta.dirname)), 'agent', 'src', 'main.ts'),
] as const;

const MAX_BUS_START_MS = 30_000;

interface RunOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Device {
  readonly name: string;
  readonly home: string;
  /** The whole environment of a program on this device; also for starting one that runs on (`spawn`). */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program on the device and waits for it. Never throws for an exit code. */
  run(command: string, args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Runs a program that must succeed and returns what it printed. Errors: Error with the program's own words. */
  must(command: string, args: readonly string[], options?: RunOptions): Promise<string>;
  /** What `agent` runs, for starting it in another way. */
  readonly agentCommand: readonly [string, string];
  /** Runs `carryover …` on the device. */
  agent(...args: readonly string[]): Promise<Ran>;
  /** What the person themselves set, without an administrator's defaults, as a keyfile. */
  dconfDump(): Promise<string>;
  /** Stops the bus and what it started, then removes the device's folder. */
  remove(): Promise<void>;
}

export interface DeviceOptions {
  readonly name: string;
  /** More environment, e.g. CARRYOVER_… settings of the agent. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A new, empty device. */
export async function aDevice({ name, env: more = {} }: DeviceOptions): Promise<Device> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-device-'));
  const home = join(folder, 'home');
  const runtime = join(folder, 'run');
  await mkdir(home, { mode: 0o700 });
  await mkdir(runtime, { mode: 0o700 });
  const env = environment(folder, name, more);
  const bus = await startBus(runtime, env, join(folder, 'bus.log'));

  const run = (command: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> =>
    runProgram(command, args, { ...options, cwd: home, env: { ...env, ...options.env } });

  async function must(command: string, args: readonly string[], options?: RunOptions): Promise<string> {
    const { exit, stdout, stderr } = await run(command, args, options);
    if (exit !== 0) throw new Error(`${command} ${args.join(' ')} on ${name}: exit ${exit}\n${stdout}${stderr}`);
    return stdout;
  }

  return {
    name,
    home,
    env,
    run,
    must,
    agentCommand: AGENT_COMMAND,
    agent: (...args) => run(AGENT_COMMAND[0], [AGENT_COMMAND[1], ...args]),
    dconfDump: () => must('dconf', ['dump', '/'], { env: { DCONF_PROFILE: join(folder, 'user-layer') } }),
    async remove() {
      await bus.stop();
      // Services that the bus started end when it does; what still lives in this device is ended with it.
      await endLeftovers(await markedProcessesLeft(DEVICE_MARK, folder));
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Marks all processes of a device, so that none is forgotten. */
const DEVICE_MARK = 'CARRYOVER_TEST_DEVICE';

/** Where temporary files go, whose run this is, and what Node compiled before; none of it changes what a program does. */
const PASSED_ON = ['TMPDIR', RUN_MARK, 'NODE_COMPILE_CACHE'];

/** A login session's environment, made from nothing, so that the tester's own settings have no say. */
function environment(folder: string, name: string, more: Readonly<Record<string, string>>): Record<string, string> {
  const home = join(folder, 'home');
  const bus = `unix:path=${join(folder, 'run', 'bus')}`;
  const user = userInfo().username;
  const passedOn = Object.entries(process.env).filter(([key]) => PASSED_ON.includes(key));
  return {
    ...Object.fromEntries(passedOn.map(([key, value]) => [key, value ?? ''])),
    [DEVICE_MARK]: folder,
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: home,
    USER: user,
    LOGNAME: user,
    HOSTNAME: name,
    LANG: 'C.UTF-8',
    // dconf and flatpak translate their messages; programs that read them need one language.
    LC_ALL: 'C.UTF-8',
    XDG_RUNTIME_DIR: join(folder, 'run'),
    XDG_CURRENT_DESKTOP: 'GNOME',
    XDG_SESSION_TYPE: 'wayland',
    XDG_DATA_DIRS: `${home}/.local/share/flatpak/exports/share:/usr/local/share:/usr/share`,
    DBUS_SESSION_BUS_ADDRESS: bus,
    // Flatpak asks the system bus for parental controls before it installs for a person; the private bus answers "none".
    DBUS_SYSTEM_BUS_ADDRESS: bus,
    ...more,
  };
}

async function startBus(runtime: string, env: Record<string, string>, logFile: string) {
  await writeFile(join(dirname(runtime), 'user-layer'), 'user-db:user\n');
  const address = env['DBUS_SESSION_BUS_ADDRESS'] ?? '';
  const bus = await startGuarded(
    ['dbus-daemon', '--session', '--nofork', '--nopidfile', '--nosyslog', '--print-address', `--address=${address}`],
    { env, signal: 'TERM', logFile, remove: dirname(runtime) },
  );
  let ended = false;
  void bus.ended.then(() => {
    ended = true;
  });
  const deadline = performance.now() + MAX_BUS_START_MS;
  // It prints its address once it listens; the socket's file is there a moment earlier.
  let log = '';
  while (!log.includes(`${address},guid=`)) {
    if (ended || performance.now() > deadline) {
      await bus.stop();
      throw new Error(`The message bus did not start: ${log}`);
    }
    await delay(5);
    // Gone with the device's folder when the bus has ended.
    log = await readFile(logFile, 'utf8').catch(() => log);
  }
  return bus;
}
