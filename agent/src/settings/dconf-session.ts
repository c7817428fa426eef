/**
 * dconf by its own tools, as the person, on the person's own bus.
 *
 * Each rule here was learned from a loss: reading through the person's profile would take an administrator's defaults
 * for choices; a second bus for a running session loses updates; a reader without a session folder leaves a file in
 * ~/.cache; setting a locked key says nothing; tools speak the session's language.
 *
 * Source: dconf(1), dconf(7); docs/decisions/2026-11-25-dconf-by-its-own-tools.md.
 */

import type { RunOptions, RunResult, System } from '../system/system.ts';
import type { Device } from './dconf-decision.ts';
import { type DconfValues, keyfileOf, valuesFromKeyfile } from './keyfile.ts';
import { dataFolders } from './schemas.ts';

/** A profile that holds nothing but the person's own layer. */
const OWN_LAYER = 'dconf-own-layer';

/** What the person set, without any administrator's layer. Writes nothing outside the state folder. Errors: missingPart. */
export async function ownValues(system: System): Promise<DconfValues> {
  const layer = await ownLayer(system);
  // A database that was never written is no fault, and the tool would complain.
  if (layer.file !== undefined && (await system.facts(layer.file)) === undefined) return new Map();
  const env = { DCONF_PROFILE: await ownProfile(system, layer) };
  const { exit, stdout, stderr } = await dconf(system, ['dump', '/'], { readOnly: true, brief: true, env });
  if (exit !== 0) throw new Error(`dconf dump: ${stderr}`);
  return valuesFromKeyfile(stdout);
}

/** Keys that an administrator locked. A folder in the list locks nothing, as in dconf itself. Errors: missingPart. */
export async function lockedKeys(system: System): Promise<ReadonlySet<string>> {
  if (!(await mayLock(system))) return new Set();
  const { exit, stdout, stderr } = await dconf(system, ['list-locks', '/'], { readOnly: true, brief: true });
  if (exit !== 0) throw new Error(`dconf list-locks: ${stderr}`);
  return locksFrom(stdout);
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

/**
 * One talk with one shell, because each program that Node starts itself costs as much as two that a shell starts:
 * locks and the person's own layer as the question; then, when told to, the load of the rest of the input and the layer
 * again. The first argument is the profile of the own layer, the second whether there may be locks, the rest loads.
 */
const TALK = `own=$1 locks=$2
shift 2
if [ "$locks" = locks ]; then dconf list-locks / || exit; fi
DCONF_PROFILE=$own dconf dump / || exit
printf '\\0'
read -r told || exit 0
"$@" || exit
export DCONF_PROFILE="$own"
exec dconf dump /`;

/**
 * Asks, lets `decide` say what to change, does it in one step, and reads back. Without a change nothing is run for one.
 * Errors: missingPart; those of `decide`. What goes wrong later is told as the failure.
 */
export async function changed(system: System, decide: (device: Device) => Promise<Change>): Promise<Changed> {
  const [own, locks, bus] = [await ownProfile(system), await mayLock(system), await busOf(system)];
  let decided: { readonly device: Device; readonly change: Change } | undefined;
  try {
    const load = [...bus.program, 'dconf', 'load', '-f', '/'];
    const result = await system.run('sh', ['-c', TALK, 'dconf-talk', own, locks ? 'locks' : '', ...load], {
      env: { ...toolEnv(system), ...bus.env },
      async answer(question) {
        const device = deviceFrom(question);
        const change = await decide(device);
        decided = { device, change };
        return change.writes.size === 0 ? '' : `load\n${keyfileOf(change.writes)}`;
      },
    });
    if (decided === undefined) throw await silence(system, result);
    return await readBack(system, result, decided);
  } catch (error) {
    if (decided === undefined) throw error;
    const failure = error instanceof Error ? error.message : String(error);
    return { failure, ignored: new Set(), values: decided.device.values };
  }
}

async function readBack(
  system: System,
  result: RunResult,
  { device, change }: { readonly device: Device; readonly change: Change },
): Promise<Changed> {
  const { exit, stdout, stderr } = result;
  if (exit !== 0) return { failure: lastLine(result), ignored: new Set(), values: device.values };
  const ignored = new Set([...stderr.matchAll(/ignored non-writable key '([^']+)'/g)].map(([, key]) => key ?? ''));
  // A load cannot unset; these are rare, so that one run each does not matter.
  for (const key of change.resets) await resetKey(system, key);
  if (change.resets.length > 0) return { ignored, values: await ownValues(system) };
  const dumped = stdout.slice(stdout.indexOf('\0') + 1);
  return { ignored, values: change.writes.size === 0 ? device.values : valuesFromKeyfile(dumped) };
}

/** Locks are paths, and the dump begins with a folder in brackets. */
function deviceFrom(question: string): Device {
  const dumpAt = question.startsWith('[') ? 0 : question.indexOf('\n[') + 1 || question.length;
  return { locks: locksFrom(question.slice(0, dumpAt)), values: valuesFromKeyfile(question.slice(dumpAt)) };
}

function locksFrom(text: string): ReadonlySet<string> {
  return new Set(text.split('\n').filter((line) => line !== '' && !line.endsWith('/')));
}

/** Why the shell asked nothing. The shell says in words only that a program is missing; starting it says it as an error. */
async function silence(system: System, result: RunResult): Promise<Error> {
  if (result.exit === 127) await dconf(system, ['help'], { readOnly: true, brief: true });
  return new Error(`dconf: ${lastLine(result)}`);
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

/** The lines of the person's profile, from the layer that is written down to the administrator's; none without a profile. */
async function layersOf(system: System): Promise<string[]> {
  const lines = (await profileText(system))?.split('\n').map((line) => line.replace(/#.*/, '').trim()) ?? [];
  return lines.filter((line) => line !== '');
}

async function profileText(system: System): Promise<string | undefined> {
  const named = system.env['DCONF_PROFILE'];
  const places = named?.startsWith('/')
    ? [named]
    : [
        ...(named === undefined && system.runtimeFolder !== undefined ? [`${system.runtimeFolder}/dconf.profile`] : []),
        ...['/etc', ...dataFolders(system).slice(1)].map((folder) => `${folder}/dconf/profile/${named ?? 'user'}`),
      ];
  for (const place of places) {
    const path = await system.realPath(place);
    const content = path === undefined ? undefined : await system.readFile(path);
    if (content !== undefined) return new TextDecoder().decode(content);
  }
  return undefined;
}

function lastLine({ stderr, exit }: RunResult): string {
  return stderr.trim().split('\n').at(-1) || `dconf ended with ${exit}`;
}
