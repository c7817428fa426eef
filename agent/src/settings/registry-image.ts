/**
 * A value of the registry that names a picture by its path: the desktop's.
 *
 * Where the picture itself is gone, the copy counts that Windows keeps of whatever was chosen.
 */

import type { Json } from '@carryover/model/canonical';
import { REGISTRY_TYPES } from '@carryover/model/registry-value';
import type { RegistryData } from '../system/registry.ts';
import type { System } from '../system/system.ts';
import type { MechanismContext } from './mechanism.ts';
import { type NewPicture, pictureOf, pictureWish, type ShownPicture } from './windows-picture.ts';

/** The picture that a value names, as it will travel; or why it cannot. */
export function namedPicture(context: MechanismContext, data: RegistryData): ReturnType<typeof pictureOf> {
  return pictureOf(context, shownFrom(context.system, data));
}

/** What putting a picture comes down to: the value, and a picture that is yet to be put. */
export async function namedPictureWish(
  context: MechanismContext,
  raw: Json,
  now: RegistryData | undefined,
): Promise<{ readonly data: RegistryData; readonly picture?: NewPicture } | Extract<Wished, { reason: unknown }>> {
  const wanted = await pictureWish(context, raw, now && shownFrom(context.system, now));
  if ('reason' in wanted) return wanted;
  const { path, isShown, picture } = wanted;
  const data = isShown && now !== undefined ? now : pathData(path);
  return picture === undefined ? { data } : { data, picture };
}

type Wished = Awaited<ReturnType<typeof pictureWish>>;

function shownFrom(system: System, { bytes }: RegistryData): ShownPicture {
  return {
    path: Buffer.from(bytes).toString('utf16le').replace(/\0.*$/s, ''),
    async copy() {
      const file = `${system.home}/AppData/Roaming/Microsoft/Windows/Themes/TranscodedWallpaper`;
      return (await system.facts(file))?.kind === 'file' ? system.readFile(file) : undefined;
    },
  };
}

function pathData(path: string): RegistryData {
  return { type: REGISTRY_TYPES.REG_SZ, bytes: Buffer.from(`${path}\0`, 'utf16le') };
}
