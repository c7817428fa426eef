/**
 * The door to the registry of Windows, always its 64-bit view.
 *
 * Values are bytes with the number of their type: nothing is interpreted here, so nothing is lost. Names are compared as
 * Windows does, capitals and small letters alike; "" is a key's default value.
 */

export type RegistryHive = 'HKCU' | 'HKLM';

/** A value as the registry holds it: any type number, and its bytes as they are. */
export interface RegistryData {
  readonly type: number;
  readonly bytes: Uint8Array;
}

export interface RegistryNamedValue extends RegistryData {
  readonly name: string;
}

/** Errors of all: notAllowed (inner accessDenied) for a key that an access list closes. */
export interface Registry {
  /** Every value of a key in one pass, in the registry's order; undefined when there is no such key. */
  values(hive: RegistryHive, key: string): Promise<readonly RegistryNamedValue[] | undefined>;
  /** Names of the keys right below, in the registry's order; undefined when there is no such key. */
  keys(hive: RegistryHive, key: string): Promise<readonly string[] | undefined>;
  /** Makes the key when it is missing. */
  set(hive: RegistryHive, key: string, value: RegistryNamedValue): Promise<void>;
  /** Fine when there is no such value or key. */
  remove(hive: RegistryHive, key: string, name: string): Promise<void>;
  /** Removes a key that has neither values nor keys below it; fine when there is none. Others stay. */
  removeEmptyKey(hive: RegistryHive, key: string): Promise<void>;
  /** Whether this process may put values into the key, or make it where it is missing. Writes nothing. Errors: none. */
  mayWrite(hive: RegistryHive, key: string): Promise<boolean>;
}

/** Windows' own rule for names of keys and values: capitals do not matter, sign by sign. */
export function isSameName(a: string, b: string): boolean {
  return a === b || foldedName(a) === foldedName(b);
}

/** The same for names that Windows takes for the same. */
export function foldedName(name: string): string {
  return name.toUpperCase();
}

/** As a person would find it in the registry editor: "HKCU\\Control Panel\\Mouse, MouseSpeed". */
export function placeInWords(hive: RegistryHive, key: string, name: string): string {
  return `${hive}\\${key}, ${name === '' ? '(Default)' : name}`;
}

/** Telling Windows that settings have changed, so that running programs take them up. */
export interface WindowsNotice {
  /** SystemParametersInfoW with SPIF_UPDATEINIFILE | SPIF_SENDCHANGE. `action` is the catalog's name, e.g. SPI_SETMOUSESPEED. */
  readonly spi: readonly { readonly action: string; readonly value: string | number }[];
  /** Strings of WM_SETTINGCHANGE, each sent once: "ImmersiveColorSet", "intl", … */
  readonly broadcast: readonly string[];
}
