/**
 * The packages of a Debian or a relative of it, read from the files that dpkg and apt keep.
 *
 * No program is started: `apt-mark showmanual` reads the same two files, but takes seconds where the package cache is
 * missing.
 */

import type { System } from './system.ts';

const STATUS = '/var/lib/dpkg/status';
const EXTENDED_STATES = '/var/lib/apt/extended_states';
const ON_EVERY_SYSTEM: readonly (string | undefined)[] = ['required', 'important', 'standard'];

/** The files that tell of packages. */
export const PACKAGE_FILES: readonly string[] = [STATUS, EXTENDED_STATES];

export interface Package {
  readonly name: string;
  readonly version: string;
  readonly onEverySystem: boolean;
  /** Someone asked for it by name, it was not only pulled in by another. */
  readonly manual: boolean;
}

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

/** Version of one installed package; undefined when it is not, or not known here. Quick: nothing else is looked at. */
export async function packageVersion(system: System, name: string): Promise<string | undefined> {
  const status = `\n${await textAt(system, STATUS)}`;
  const start = status.indexOf(`\nPackage: ${name}\n`);
  if (start < 0) return undefined;
  const end = status.indexOf('\n\n', start);
  const fields = fieldsOf(status.slice(start, end < 0 ? undefined : end));
  return fields['Status']?.endsWith(' installed') === true ? fields['Version'] : undefined;
}

async function textAt(system: System, path: string): Promise<string> {
  const content = await system.readFile(path).catch(() => undefined);
  // Names and versions are ASCII, and reading a few megabytes as such is several times faster.
  return content === undefined ? '' : Buffer.from(content).toString('latin1');
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
