/**
 * What an administrator set below a folder of dconf, and which of it is locked: only that is the administrator's word,
 * everything else a person can set anew.
 *
 * Read by dconf's own tools through a profile of the administrator's layers alone, so that a person's layer has no say.
 *
 * Source: dconf(1), dconf(7), "Locks".
 */

import type { System } from '../system/system.ts';
import { type GVariant, GVariantError, isList } from './gvariant.ts';
import { gvariantFrom } from './gvariant-parse.ts';
import { valuesFromKeyfile } from './keyfile.ts';

export interface SystemKey {
  /** Below the folder, e.g. "enable-windows-backup". */
  readonly name: string;
  /** true, 4, "text" or a list of texts; the text of dconf for whatever else it is. */
  readonly value: unknown;
  readonly isLocked: boolean;
}

const PROFILE = 'dconf-administrator-layers';
/** The first layer of a profile is the one that is written; where it cannot be, all keys pass for locked. */
const NOBODYS_LAYER = 'user-db:nobody';

/**
 * Keys right in `folder` ("/org/example/") of the layers in these database files, in the order of their names.
 * Errors: missingPart without dconf's tools; Error when they fail.
 */
export async function systemKeys(system: System, databases: readonly string[], folder: string): Promise<SystemKey[]> {
  const lines = [NOBODYS_LAYER, ...databases.map((file) => `file-db:${file}`)].map((line) => `${line}\n`).join('');
  const profile = `${system.stateFolder}/${PROFILE}`;
  if (new TextDecoder().decode(await system.readFile(profile)) !== lines) await system.writeFile(profile, lines, 0o600);
  const ask = async (...args: readonly string[]) => {
    // The first layer is looked for, and its mark left, in our own folder: there is nothing.
    const ours = { XDG_CONFIG_HOME: system.stateFolder, XDG_RUNTIME_DIR: system.stateFolder };
    const env = { HOME: system.home, LC_ALL: 'C.UTF-8', ...ours, DCONF_PROFILE: profile };
    const { exit, stdout, stderr } = await system.run('dconf', args, { readOnly: true, brief: true, env });
    if (exit !== 0) throw new Error(`dconf ${args.join(' ')}: ${stderr.trim()}`);
    return stdout;
  };
  const values = valuesFromKeyfile(await ask('dump', folder));
  const locks = new Set((await ask('list-locks', folder)).split('\n'));
  return [...values]
    .map(([key, text]) => ({ name: key.slice(1), text }))
    .filter(({ name }) => !name.includes('/'))
    .map(({ name, text }) => ({ name, value: plainValue(text), isLocked: locks.has(folder + name) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function plainValue(text: string): unknown {
  try {
    return plainOf(gvariantFrom(text)) ?? text;
  } catch (error) {
    if (error instanceof GVariantError) return text;
    throw error;
  }
}

function plainOf({ type, value }: GVariant): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  if (type === 'as' && isList(value)) return value.map((item) => item.value);
  return undefined;
}
