/** Every mechanism of this platform, loaded when settings are to be read or applied and not before. */

import type { Mechanism } from '../settings/mechanism.ts';

export async function linuxMechanisms(): Promise<readonly Mechanism[]> {
  const [{ file }, { dconf }] = await Promise.all([import('../settings/file.ts'), import('../settings/dconf.ts')]);
  return [file, dconf];
}
