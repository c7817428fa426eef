/**
 * What applying one item comes down to on this device: which keys get which value, or why it must not be touched.
 *
 * Everything that could make one bad item harm the others, or the device, is refused here, before anything is written.
 */

import type { Reason } from '@carryover/model/reasons';
import type { ItemStatus } from '@carryover/model/report';
import type { Setting } from '@carryover/model/setting';
import type { System } from '../system/system.ts';
import { expanded, textsOfRaw } from './dconf-raw.ts';
import { type GVariant, GVariantError, stringsOf } from './gvariant.ts';
import { gvariantFrom, isSameText } from './gvariant-parse.ts';
import { gvariantText } from './gvariant-print.ts';
import type { PicturePlace } from './image.ts';
import { type DconfValues, isKeyfileKey } from './keyfile.ts';
import type { ItemToApply, MechanismContext } from './mechanism.ts';
import { type Schemas, valueForKey } from './schemas.ts';

/** What the device's tools tell, for all items at once. */
export interface Device {
  readonly locks: ReadonlySet<string>;
  /** The person's own layer. */
  readonly values: DconfValues;
}

/** `keys`: those of the item by the catalog; none when it is no place of the catalog. */
export type KeyedItem = ItemToApply & { readonly keys: readonly string[] };

/** An item as far as its own value and the schemas decide, which takes no tool and so need not wait for any. */
export type Intent = { readonly item: KeyedItem } & (
  | Obstacle
  | { readonly kind: 'values'; readonly writes: ReadonlyMap<string, string> }
  | { readonly kind: 'picture' }
);

export interface Obstacle {
  readonly kind: 'obstacle';
  readonly status: ItemStatus;
  readonly reason: Reason;
}

export interface Wish {
  readonly itemId: string;
  /** Text by key, each with its type. */
  readonly writes: ReadonlyMap<string, string>;
  /** Keys of the item that have a value now and are to have none. */
  readonly resets: readonly string[];
  /** A picture to put in place before the key names it. */
  readonly picture?: Extract<PicturePlace, { kind: 'new' }>;
}

export type Decision = Obstacle | { readonly kind: 'same' } | { readonly kind: 'change'; readonly wish: Wish };

export function intentOf({ system }: MechanismContext, schemas: Schemas, item: KeyedItem): Intent {
  const { itemId, keys, raw, setting } = item;
  // The item is no place of the catalog, or one that the deny list closes: a backup does not decide that.
  if (keys.length === 0 || !keys.every(isKeyfileKey))
    return { item, ...refused('skipped', { code: 'outsideHome', facts: { path: itemId } }) };
  // Keys of one setting stand for the same thing in several programs, and a desktop may have one of them without the others.
  const named = textsOfRaw(raw, keys)?.keys() ?? keys;
  if (![...named].some((key) => schemas.ruleOf(key) !== undefined))
    return { item, ...refused('notOnThisVersion', { code: 'notOnThisVersion', facts: { system: 'GNOME' } }) };
  return isPicture(setting) ? { item, kind: 'picture' } : { item, ...writesOf(system, schemas, item) };
}

export async function decide(context: MechanismContext, device: Device, intent: Intent): Promise<Decision> {
  const { item } = intent;
  const locked = lockOf(context, device, item.keys);
  if (locked !== undefined) return locked;
  if (intent.kind === 'obstacle') return intent;
  if (intent.kind === 'picture') return decidePicture(context, device, item);
  const { writes } = intent;
  const resets = item.keys.filter((key) => !writes.has(key) && device.values.has(key));
  const wish = { itemId: item.itemId, writes, resets };
  return isFulfilled(device.values, wish) ? { kind: 'same' } : { kind: 'change', wish };
}

export function isPicture({ linux = [] }: Setting): boolean {
  return linux.some(({ mechanism }) => mechanism === 'dconfImage');
}

/** Undefined also for a text that dconf printed but would not take back. */
export function valueNow(values: DconfValues, key: string): GVariant | undefined {
  const text = values.get(key);
  if (text === undefined) return undefined;
  try {
    return gvariantFrom(text);
  } catch (error) {
    if (error instanceof GVariantError) return undefined;
    throw error;
  }
}

/** Whether every key has the wanted value, and no other of the item's keys has any. */
export function isFulfilled(values: DconfValues, { writes, resets }: Pick<Wish, 'writes' | 'resets'>): boolean {
  if (resets.some((key) => values.has(key))) return false;
  for (const [key, wanted] of writes) {
    const now = values.get(key);
    if (now === undefined || !isSameText(now, wanted)) return false;
  }
  return true;
}

/** Why the keys as such cannot be written, whatever their value. */
export function lockOf(
  { organization }: MechanismContext,
  { locks }: Device,
  keys: readonly string[],
): Obstacle | undefined {
  const locked = keys.find((key) => locks.has(key));
  if (locked === undefined) return undefined;
  const facts = { policy: `dconf ${locked}`, ...(organization === undefined ? {} : { org: organization }) };
  return refused('lockedByPolicy', { code: 'lockedByPolicy', facts });
}

function writesOf(
  { home }: System,
  schemas: Schemas,
  { raw, setting, keys }: KeyedItem,
): Obstacle | { readonly kind: 'values'; readonly writes: ReadonlyMap<string, string> } {
  const texts = textsOfRaw(raw, keys);
  if (texts === undefined) return bad('it does not name the keys of this setting');
  const writes = new Map<string, string>();
  for (const [key, text] of texts) {
    const rule = schemas.ruleOf(key);
    if (rule === undefined) continue;
    try {
      const value = expanded(valueForKey(text, rule), text, home);
      const remote = setting.flags.includes('networkReach') ? undefined : remoteIn(value, text);
      if (remote !== undefined) return refused('skipped', { code: 'remoteLocation', facts: { uri: remote } });
      writes.set(key, gvariantText(value));
    } catch (error) {
      if (error instanceof GVariantError) return bad(error.message);
      throw error;
    }
  }
  return { kind: 'values', writes };
}

async function decidePicture(
  context: MechanismContext,
  { values }: Device,
  { itemId, raw, keys: [key = ''] }: KeyedItem,
): Promise<Decision> {
  // Most restores bring one or two pictures, most runs of a restore none.
  const { isShown, pictureObstacle, picturePlace, rawPictureFrom } = await import('./image.ts');
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

function remoteIn(value: GVariant, text: string): string | undefined {
  return /[/\\]/.test(text) ? stringsOf(value).find(isOnAnotherComputer) : undefined;
}

/** Shares that a desktop would mount, and Windows' own way to name one: looking there gives the person's sign-in away. */
function isOnAnotherComputer(text: string): boolean {
  return (
    /^(?:smb|cifs|nfs|afp|sftp|ssh|ftps?|davs?|file):\/\/(?!\/|localhost\/)./i.test(text) ||
    /^(?:\\\\|\/\/)[^\\/]/.test(text)
  );
}

function bad(detail: string): Obstacle {
  return refused('failed', { code: 'badValue', facts: { detail } });
}

function refused(status: ItemStatus, reason: Reason): Obstacle {
  return { kind: 'obstacle', status, reason };
}
