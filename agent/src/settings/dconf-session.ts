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
import { dataFolders } from './data-folders.ts';
import { type DconfValues, keyfileOf, valuesFromKeyfile } from './keyfile.ts';

/** A profile that holds nothing but the person's own layer. */
const OWN_LAYER = 'dconf-own-layer';

/** What the person set, without any administrator's layer. Writes nothing outside the state folder. Errors: missingPart. */
export async function ownValues(system: System): Promise<DconfValues> {
  const layer = await ownLayer(system);
  // A database that was never written is no fault, and the tool would complain.
  if (layer.file !== undefined && (await system.facts(layer.file)) === undefined) return new Map();
  const profile = `${system.stateFolder}/${OWN_LAYER}`;
  const line = `${layer.source}\n`;
  if (new TextDecoder().decode(await system.readFile(profile)) !== line) await system.writeFile(profile, line, 0o600);
  const { exit, stdout, stderr } = await dconf(system, ['dump', '/'], {
    readOnly: true,
    brief: true,
    env: { DCONF_PROFILE: profile },
  });
  if (exit !== 0) throw new Error(`dconf dump: ${stderr}`);
  return valuesFromKeyfile(stdout);
}

/** Keys that an administrator locked. A folder in the list locks nothing, as in dconf itself. Errors: missingPart. */
export async function lockedKeys(system: System): Promise<ReadonlySet<string>> {
  // Locks lie in the layers below the person's own; most PCs of one person have none.
  if ((await layersOf(system)).length < 2) return new Set();
  const { exit, stdout, stderr } = await dconf(system, ['list-locks', '/'], { readOnly: true, brief: true });
  if (exit !== 0) throw new Error(`dconf list-locks: ${stderr}`);
  return new Set(stdout.split('\n').filter((line) => line !== '' && !line.endsWith('/')));
}

export interface LoadResult {
  /** Why nothing at all was written. */
  readonly failure?: string;
  /** Keys that dconf passed over because they are locked. */
  readonly ignored: ReadonlySet<string>;
}

/** Writes all `values` in one step. Every text must be a value: one that is not fails them all. */
export async function loadValues(system: System, values: DconfValues): Promise<LoadResult> {
  const result = await onOwnBus(system, ['load', '-f', '/'], keyfileOf(values));
  const ignored = new Set(
    [...result.stderr.matchAll(/ignored non-writable key '([^']+)'/g)].map(([, key]) => key ?? ''),
  );
  return result.exit === 0 ? { ignored } : { ignored, failure: lastLine(result) };
}

/** Unsets one key; a load cannot. Whether it took is only seen by reading back. */
export async function resetKey(system: System, key: string): Promise<void> {
  await onOwnBus(system, ['reset', key]);
}

async function onOwnBus(system: System, args: readonly string[], stdin?: string): Promise<RunResult> {
  const address = await busAddress(system);
  const input = stdin === undefined ? {} : { stdin };
  if (address !== undefined) return dconf(system, args, { ...input, env: { DBUS_SESSION_BUS_ADDRESS: address } });
  return system.run('dbus-run-session', ['--', 'dconf', ...args], { ...input, env: toolEnv(system) });
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
