/**
 * Places of the registry as paths, so that the pattern language of places (pattern.ts) holds for them too.
 *
 * Windows does not tell capital letters from small ones in names, so a path has small letters only. The value without a
 * name is "(default)", as regedit shows it. A slash, which names may hold, becomes another character: it would part them.
 *
 * Pure: no I/O, no clock.
 */

/** "hkcu/control panel/mouse/mousesensitivity" for a value; key and value may hold stars. */
export function registryPath({ hive, key, value }: { hive: string; key: string; value: string }): string {
  return registryPattern(`${hive}\\${key}\\${value === '' ? DEFAULT_VALUE : value}`);
}

/** The same for a line of the deny list or of the guards: "HKLM\SAM\**". */
export function registryPattern(text: string): string {
  return text.toLowerCase().replaceAll('/', SLASH_IN_NAME).replaceAll('\\', '/');
}

const DEFAULT_VALUE = '(default)';
const SLASH_IN_NAME = '\u2215';
