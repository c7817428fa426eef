/**
 * dconf as the person, on the person's own bus: the person's own database is read as the file it is, everything else goes
 * by dconf's own tools.
 *
 * Each rule here was learned from a loss: reading through the person's profile would take an administrator's defaults
 * for choices; a second bus for a running session loses updates; a reader without a session folder leaves a file in
 * ~/.cache; setting a locked key says nothing; tools speak the session's language.
 *
 * Source: dconf(1), dconf(7); docs/decisions/2026-11-25-dconf-by-its-own-tools.md,
 * 2026-11-25-dconf-database-read-in-place.md.
 */

import type { RunOptions, RunResult, System } from '../system/system.ts';
import { valuesFromDatabase } from './dconf-database.ts';
import type { Device } from './dconf-decision.ts';
import { layersOf } from './dconf-layers.ts';
import { type DconfValues, keyfileOf, valuesFromKeyfile } from './keyfile.ts';

/** A profile that holds nothing but the person's own layer. */
const OWN_LAYER = 'dconf-own-layer';

/** What the person set, without any administrator's layer. Writes nothing outside the state folder. Errors: missingPart. */
export async function ownValues(system: System): Promise<DconfValues> {
  const layer = await ownLayer(system);
  const read = layer.file === undefined ? undefined : await valuesInFile(system, layer.file);
  if (read !== undefined) return read;
  const env = { DCONF_PROFILE: await ownProfile(system, layer) };
  const { exit, stdout, stderr } = await dconf(system, ['dump', '/'], { readOnly: true, brief: true, env });
  if (exit !== 0) throw new Error(`dconf dump: ${stderr}`);
  return valuesFromKeyfile(stdout);
}

/** Without a program, which would take longer than all the rest. Undefined when the file has to be left to dconf's own. */
async function valuesInFile(system: System, path: string): Promise<DconfValues | undefined> {
  try {
    const content = await system.readFile(path);
    // A database that was never written is no fault.
    return content === undefined ? new Map() : valuesFromDatabase(content);
  } catch {
    // A link, say, that dconf would follow.
    return undefined;
  }
}

/** Keys that an administrator locked. A folder in the list locks nothing, as in dconf itself. Errors: missingPart. */
async function lockedKeys(system: System): Promise<ReadonlySet<string>> {
  if (!(await mayLock(system))) return new Set();
  const { exit, stdout, stderr } = await dconf(system, ['list-locks', '/'], { readOnly: true, brief: true });
  if (exit !== 0) throw new Error(`dconf list-locks: ${stderr}`);
  return new Set(stdout.split('\n').filter((line) => line !== '' && !line.endsWith('/')));
}

export interface Change {
  /** Every text must be a value: one that is not fails them all. */
  readonly writes: DconfValues;
  readonly resets: readonly string[];
}

export interface Changed {
  /** Why nothing at all was written. */
  readonly failure?: string;
  /** Keys that dconf passed over because they are locked. */
  readonly ignored: ReadonlySet<string>;
  /** What the person's own layer holds now. */
  readonly values: DconfValues;
}

/** A service that does not answer fails a load after 25 s. Source: GDBus' time limit of a call. */
const LOAD_TIMEOUT_MS = 30_000;

/**
 * Asks, lets `decide` say what to change, does it in one step, and reads back. Without a change nothing is run for one.
 * Errors: missingPart; those of `decide`. What goes wrong later is told as the failure.
 */
export async function changed(system: System, decide: (device: Device) => Promise<Change>): Promise<Changed> {
  const device = await deviceOf(system);
  const change = await decide(device);
  try {
    return await carriedOut(system, device, change);
  } catch (error) {
    const failure = error instanceof Error ? error.message : String(error);
    return { failure, ignored: new Set(), values: device.values };
  }
}

/** What the tools tell, for all items at once. Errors: missingPart. */
export async function deviceOf(system: System): Promise<Device> {
  return { values: await ownValues(system), locks: await lockedKeys(system) };
}

async function carriedOut(system: System, { values }: Device, { writes, resets }: Change): Promise<Changed> {
  const nothing: RunResult = { exit: 0, stdout: '', stderr: '' };
  const result = writes.size === 0 ? nothing : await load(system, writes);
  if (result.exit !== 0) return { failure: lastLine(result), ignored: new Set(), values };
  const ignored = new Set(
    [...result.stderr.matchAll(/ignored non-writable key '([^']+)'/g)].map(([, key]) => key ?? ''),
  );
  // A load cannot unset; these are rare, so that one run each does not matter.
  for (const key of resets) await resetKey(system, key);
  return { ignored, values: writes.size + resets.length === 0 ? values : await ownValues(system) };
}

async function load(system: System, values: DconfValues): Promise<RunResult> {
  const bus = await busOf(system);
  const [program, ...args] = [...bus.program, 'dconf', 'load', '-f', '/'];
  return system.run(program ?? '', args, {
    env: { ...toolEnv(system), ...bus.env },
    stdin: keyfileOf(values),
    timeoutMs: LOAD_TIMEOUT_MS,
    // On the session's bus it is done in milliseconds; bringing a bus takes longer and starts more.
    brief: bus.program.length === 0,
  });
}

/** Whether it took is only seen by reading back. */
async function resetKey(system: System, key: string): Promise<void> {
  const bus = await busOf(system);
  const [program, ...args] = [...bus.program, 'dconf', 'reset', key];
  await system.run(program ?? '', args, { env: { ...toolEnv(system), ...bus.env } });
}

/** What a program that writes needs to find its bus, or to bring one for the time it runs when there is no session. */
async function busOf(system: System): Promise<{ readonly program: string[]; readonly env: Record<string, string> }> {
  const address = await busAddress(system);
  if (address === undefined) return { program: ['dbus-run-session', '--'], env: {} };
  return { program: [], env: { DBUS_SESSION_BUS_ADDRESS: address } };
}

/** The bus of the person's session; undefined when there is no session, and only then a bus of our own is no second one. */
async function busAddress(system: System): Promise<string | undefined> {
  const { env, runtimeFolder } = system;
  const named = env['DBUS_SESSION_BUS_ADDRESS'];
  if (named !== undefined && named !== '') return named;
  if (runtimeFolder === undefined || (await system.facts(`${runtimeFolder}/bus`)) === undefined) return undefined;
  return `unix:path=${runtimeFolder}/bus`;
}

async function dconf(system: System, args: readonly string[], options: RunOptions): Promise<RunResult> {
  return system.run('dconf', args, { ...options, env: { ...toolEnv(system), ...options.env } });
}

function toolEnv({ runtimeFolder, stateFolder, home }: System): Readonly<Record<string, string>> {
  return { HOME: home, LC_ALL: 'C.UTF-8', XDG_RUNTIME_DIR: runtimeFolder ?? stateFolder };
}

interface Layer {
  /** As a line of a profile. */
  readonly source: string;
  readonly file?: string;
}

/** Path of a profile that holds `layer` alone. */
async function ownProfile(system: System, layer?: Layer): Promise<string> {
  const profile = `${system.stateFolder}/${OWN_LAYER}`;
  const line = `${(layer ?? (await ownLayer(system))).source}\n`;
  if (new TextDecoder().decode(await system.readFile(profile)) !== line) await system.writeFile(profile, line, 0o600);
  return profile;
}

/** Locks lie in the layers below the person's own; most PCs of one person have none. */
async function mayLock(system: System): Promise<boolean> {
  return (await layersOf(system)).length > 1;
}

/** The first layer of the person's profile is the one that is written. Its file is read directly: no bus, no lock. */
async function ownLayer(system: System): Promise<Layer> {
  const [first = 'user-db:user'] = await layersOf(system);
  const name = /^user-db:(.+)$/.exec(first)?.[1];
  if (name === undefined) return { source: first };
  const file = `${system.env['XDG_CONFIG_HOME'] || `${system.home}/.config`}/dconf/${name}`;
  return { source: `file-db:${file}`, file };
}

function lastLine({ stderr, exit }: RunResult): string {
  return stderr.trim().split('\n').at(-1) || `dconf ended with ${exit}`;
}
