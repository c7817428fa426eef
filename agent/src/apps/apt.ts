/**
 * Packages that someone installed by name with apt: a list to read, nothing that a restore installs.
 *
 * Packages that every Debian system has (essential, or of priority required, important or standard) are left out.
 * Read from the two files that `apt-mark showmanual` reads, without starting it: it takes seconds where the package
 * cache is missing.
 *
 * Shape: raw is `{ name }`.
 */

import type { System } from '../system/system.ts';
import type { AppSource } from './app-source.ts';
import { listedFinding, outcomeFrom, textIn } from './listed-apps.ts';

const STATUS = '/var/lib/dpkg/status';
const EXTENDED_STATES = '/var/lib/apt/extended_states';
const PREFIX = 'apps.apt/';
const ON_EVERY_SYSTEM: readonly (string | undefined)[] = ['required', 'important', 'standard'];

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly onEverySystem: boolean;
  /** Someone asked for it by name, it was not only pulled in by another. */
  readonly manual: boolean;
}

export const apt: AppSource = {
  prefixes: [PREFIX],

  async list(system) {
    const chosen = (await packagesOf(system)).filter(({ manual, onEverySystem }) => manual && !onEverySystem);
    return { items: chosen.map(({ name }) => ({ itemId: PREFIX + name, raw: { name } })), failures: [] };
  },

  words(item) {
    const name = textIn(item.raw, 'name');
    return name === undefined ? undefined : { title: name, will: 'apt', flags: [] };
  },

  async inspect({ system }, items) {
    if (items.length === 0) return new Map();
    const installed = new Set((await packagesOf(system)).map(({ name }) => PREFIX + name));
    return new Map(items.map((item) => [item.itemId, listedFinding(item, installed.has(item.itemId), 'apt')]));
  },

  async apply(context, item) {
    return outcomeFrom(item.itemId, (await apt.inspect(context, [item])).get(item.itemId));
  },

  removal: (itemId) => `sudo apt remove ${itemId.slice(PREFIX.length)}`,

  watched: async () => [STATUS, EXTENDED_STATES],
};

/** Installed packages of this device; empty where dpkg keeps none. Shape: a foreign architecture is part of the name, `libc6:i386`. */
export async function packagesOf(system: System): Promise<Package[]> {
  const [status, states] = [await textAt(system, STATUS), await textAt(system, EXTENDED_STATES)];
  const stanzas = status.split('\n\n');
  const native = fieldsOf(stanzas.find((stanza) => stanza.startsWith('Package: dpkg\n')) ?? '')['Architecture'];
  const automatic = new Set<string>();
  for (const stanza of states.split('\n\n')) {
    const fields = fieldsOf(stanza);
    if (fields['Auto-Installed'] === '1') automatic.add(`${fields['Package']}:${fields['Architecture']}`);
  }
  return stanzas.flatMap((stanza) => {
    const { Package: bare, Architecture: architecture, Status: state, ...fields } = fieldsOf(stanza);
    if (bare === undefined || state?.endsWith(' installed') !== true) return [];
    // apt notes packages for all architectures under the machine's own.
    const noted = architecture === 'all' ? native : architecture;
    return {
      name: noted === native ? bare : `${bare}:${architecture}`,
      version: fields['Version'] ?? '',
      onEverySystem: fields['Essential'] === 'yes' || ON_EVERY_SYSTEM.includes(fields['Priority']),
      manual: !automatic.has(`${bare}:${noted}`) && !automatic.has(`${bare}:${architecture}`),
    };
  });
}

async function textAt(system: System, path: string): Promise<string> {
  const content = await system.readFile(path).catch(() => undefined);
  return content === undefined ? '' : new TextDecoder().decode(content);
}

/** The first line of each field is enough here. */
function fieldsOf(stanza: string): Record<string, string | undefined> {
  const fields: Record<string, string> = {};
  for (const [, name, value] of stanza.matchAll(
    /^(Package|Status|Architecture|Version|Priority|Essential|Auto-Installed): *(.*)$/gm,
  ))
    if (name !== undefined && value !== undefined) fields[name] = value;
  return fields;
}
