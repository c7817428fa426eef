/** Values that every Windows has and Wine has not, of which the catalog names single bits: something to change a bit of. */

import type { RegistryPlace } from '@carryover/model/setting';

/** As `dataFrom` takes it: text for decimal numbers, a number for a REG_DWORD, hex for bytes. */
export function bitBaseOf({ value, mask }: RegistryPlace): string | number | undefined {
  if (mask === undefined) return undefined;
  if (mask.encoding === 'decimalString') return '510';
  if (mask.encoding === 'dword') return 0;
  // Of eight bytes on every build: Windows and Wine write it anew from what they remember.
  return value === 'UserPreferencesMask' ? '9e1e078012000000' : '24000000'.padEnd(96, '0');
}
