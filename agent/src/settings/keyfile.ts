/**
 * What `dconf dump` prints and `dconf load` reads: groups of keys, one line each <-> a map from key to GVariant text.
 *
 * A key is its whole path, "/org/gnome/desktop/interface/color-scheme". What a key file cannot hold (a line break, a
 * bracket in a folder) is refused, so that no stored name or value can smuggle in a second key.
 *
 * Pure. Source: dconf(1); the Desktop Entry specification's key files as GLib reads them.
 */

export type DconfValues = ReadonlyMap<string, string>;

/** Lines that are neither group nor key are passed over. */
export function valuesFromKeyfile(text: string): DconfValues {
  const values = new Map<string, string>();
  let folder = '/';
  for (const line of text.split('\n')) {
    if (line.startsWith('[') && line.endsWith(']')) {
      const group = line.slice(1, -1);
      folder = group === '/' ? '/' : `/${group}/`;
      continue;
    }
    const equals = line.indexOf('=');
    if (equals > 0 && !line.startsWith('#')) values.set(folder + line.slice(0, equals), line.slice(equals + 1));
  }
  return values;
}

/** Errors: RangeError for a key or value that has no place in a key file; ask isKeyfileKey first. */
export function keyfileOf(values: DconfValues): string {
  const groups = new Map<string, string[]>();
  for (const key of values.keys()) {
    const text = values.get(key) ?? '';
    if (!isKeyfileKey(key) || /[\n\r\0]/.test(text)) throw new RangeError(`${key} does not fit a key file.`);
    const slash = key.lastIndexOf('/');
    const group = slash === 0 ? '/' : key.slice(1, slash);
    const lines = groups.get(group) ?? [];
    if (lines.length === 0) groups.set(group, lines);
    lines.push(`${key.slice(slash + 1)}=${text}`);
  }
  return [...groups].map(([group, lines]) => `[${group}]\n${lines.join('\n')}\n`).join('\n');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: making \p{Cc} costs as much as looking through 500 keys.
const FOREIGN = /[[\]=\0-\x1f\x7f-\x9f]|\/[\s#/]|\s\/|[\s/]$/;

/** Whether a key can be written through a key file at all. */
export function isKeyfileKey(key: string): boolean {
  return key.startsWith('/') && !FOREIGN.test(key);
}
