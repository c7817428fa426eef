/**
 * What applying a setting that names a picture comes down to: the picture's place, and the key that names it.
 */

import { bad, type Decision, type Device, type KeyedItem, refused } from './dconf-decision.ts';
import { valueNow } from './dconf-raw.ts';
import { gvariantText } from './gvariant-print.ts';
import { isShown, pictureObstacle, picturePlace, rawPictureFrom } from './image.ts';
import type { MechanismContext } from './mechanism.ts';

export async function decidePicture(
  context: MechanismContext,
  { values }: Device,
  { itemId, raw, keys: [key = ''] }: KeyedItem,
): Promise<Decision> {
  const wanted = rawPictureFrom(raw);
  if (wanted === undefined) return bad('it does not describe a picture');
  const obstacle = pictureObstacle(context.system, wanted);
  if (obstacle !== undefined) return refused('skipped', obstacle);
  const now = valueNow(values, key)?.value;
  if (typeof now === 'string' && (await isShown(context, wanted, now))) return { kind: 'same' };
  const place = await picturePlace(context, wanted);
  if (place.kind === 'nowhere') return refused('failed', place.reason);
  const writes = new Map([[key, gvariantText({ type: 's', value: place.uri })]]);
  return { kind: 'change', wish: { itemId, writes, resets: [], ...(place.kind === 'new' ? { picture: place } : {}) } };
}
