/**
 * A value of the Windows registry as it travels: nothing of it is lost, and people can still read it.
 *
 * Pure: no I/O, no clock. Source: winnt.h (numbers of the types); windows-devices.md, section 3.
 */

/** Numbers of the types as the registry has them. */
export const REGISTRY_TYPES = {
  REG_NONE: 0,
  REG_SZ: 1,
  REG_EXPAND_SZ: 2,
  REG_BINARY: 3,
  REG_DWORD: 4,
  REG_MULTI_SZ: 7,
  REG_QWORD: 11,
} as const;

export type RegistryType = keyof typeof REGISTRY_TYPES;

/**
 * How a whole value travels. `data` is a text for REG_SZ and REG_EXPAND_SZ, texts for REG_MULTI_SZ, a number for
 * REG_DWORD, decimal digits for REG_QWORD, hex for REG_BINARY and REG_NONE. Where that would not give the same bytes
 * again (no end of text, an odd length, another type), `hex` stands in place of `data`, with the type or its number.
 */
export type RegistryRaw =
  | { readonly type: RegistryType; readonly data: string | number | readonly string[] }
  | { readonly type: RegistryType | number; readonly hex: string };
