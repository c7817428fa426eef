/**
 * What applying one item comes down to on this device: which keys get which value, or why it must not be touched.
 *
 * Everything that could make one bad item harm the others, or the device, is refused here, before anything is written.
 * What takes more than a glance is in dconf-value.ts and dconf-picture.ts, loaded with the first item that needs it.
 *
 * Maps are gone through by their keys: code that runs for five hundred items once is interpreted, and there every pair
 * taken apart costs several objects, together some two of forty milliseconds.
 */

import type { Json } from '@carryover/model/canonical';
import type { Setting } from '@carryover/model/setting';
import type { System } from '../system/system.ts';
import {
  bad,
  type Decision,
  type Device,
  type Intent,
  type KeyedItem,
  type Obstacle,
  refused,
  type Wish,
} from './dconf-decision.ts';
import { isPlainlyAllowed, isSameAtSight } from './gvariant-plain.ts';
import { type DconfValues, isKeyfileKey } from './keyfile.ts';
import type { MechanismContext } from './mechanism.ts';
import type { Schemas } from './schemas.ts';

/** Where the home folder, or another computer, may be meant. */
const NAMES_A_PLACE = /[/\\]|HOME/;

/** At once, or later for a value that takes a closer look: waiting for each of 500 would cost more than deciding them. */
export type Soon<Value> = Value | Promise<Value>;

export function intentOf({ system }: MechanismContext, schemas: Schemas, item: KeyedItem): Soon<Intent> {
  const { itemId, keys, raw, setting } = item;
  // The item is no place of the catalog, or one that the deny list closes: a backup does not decide that.
  if (keys.length === 0 || !keys.every(isKeyfileKey))
    return { item, ...refused('skipped', { code: 'outsideHome', facts: { path: itemId } }) };
  // Keys of one setting stand for the same thing in several programs, and a desktop may have one of them without the others.
  const texts = textsOfRaw(raw, keys);
  if (!isKnownOf(schemas, texts === undefined ? keys : texts.keys()))
    return { item, ...refused('notOnThisVersion', { code: 'notOnThisVersion', facts: { system: 'GNOME' } }) };
  if (isPicture(setting)) return { item, kind: 'picture' };
  if (texts === undefined) return { item, ...bad('it does not name the keys of this setting') };
  const writes = plainWritesOf(schemas, texts);
  return writes === undefined ? carefulIntentOf(system, schemas, { item, texts }) : { item, kind: 'values', writes };
}

function isKnownOf(schemas: Schemas, keys: Iterable<string>): boolean {
  for (const key of keys) if (schemas.ruleOf(key) !== undefined) return true;
  return false;
}

export function decide(context: MechanismContext, device: Device, intent: Intent): Soon<Decision> {
  const { item } = intent;
  const locked = lockOf(context, device, item.keys);
  if (locked !== undefined) return locked;
  if (intent.kind === 'obstacle') return intent;
  // Most restores bring one or two pictures, most runs of a restore none.
  if (intent.kind === 'picture')
    return import('./dconf-picture.ts').then(({ decidePicture }) => decidePicture(context, device, item));
  const { writes } = intent;
  const resets = item.keys.filter((key) => !writes.has(key) && device.values.has(key));
  const wish = { itemId: item.itemId, writes, resets };
  const decision = (same: boolean): Decision => (same ? { kind: 'same' } : { kind: 'change', wish });
  const fulfilled = isFulfilled(device.values, wish);
  return typeof fulfilled === 'boolean' ? decision(fulfilled) : fulfilled.then(decision);
}

export function isPicture({ linux = [] }: Setting): boolean {
  return linux.some(({ mechanism }) => mechanism === 'dconfImage');
}

/** Whether every key has the wanted value, and no other of the item's keys has any. */
export function isFulfilled(values: DconfValues, { writes, resets }: Pick<Wish, 'writes' | 'resets'>): Soon<boolean> {
  if (resets.some((key) => values.has(key))) return false;
  let unclear = false;
  for (const key of writes.keys()) {
    const now = values.get(key);
    const same = now === undefined ? false : isSameAtSight(now, writes.get(key) ?? '');
    if (same === false) return false;
    unclear ||= same === undefined;
  }
  return unclear ? isFulfilledWithCare(values, writes) : true;
}

async function isFulfilledWithCare(values: DconfValues, writes: DconfValues): Promise<boolean> {
  const { isSameText } = await import('./gvariant-parse.ts');
  for (const [key, wanted] of writes) if (!isSameText(values.get(key) ?? '', wanted)) return false;
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

/** The texts whose keys are known here; undefined when one of them takes a closer look. */
function plainWritesOf(schemas: Schemas, texts: DconfValues): DconfValues | undefined {
  let foreign = 0;
  for (const key of texts.keys()) {
    const text = texts.get(key) ?? '';
    const rule = schemas.ruleOf(key);
    if (rule === undefined) foreign += 1;
    else if (NAMES_A_PLACE.test(text) || !isPlainlyAllowed(text, rule)) return undefined;
  }
  return foreign === 0 ? texts : new Map([...texts].filter(([key]) => schemas.ruleOf(key) !== undefined));
}

async function carefulIntentOf(
  { home }: System,
  schemas: Schemas,
  { item, texts }: { readonly item: KeyedItem; readonly texts: DconfValues },
): Promise<Intent> {
  const { textForKey } = await import('./dconf-value.ts');
  const mayBeRemote = item.setting.flags.includes('networkReach');
  const writes = new Map<string, string>();
  for (const [key, text] of texts) {
    const rule = schemas.ruleOf(key);
    if (rule === undefined) continue;
    const careful = textForKey(text, rule, { home, mayBeRemote });
    if ('refused' in careful) return { item, ...careful.refused };
    writes.set(key, careful.text);
  }
  return { item, kind: 'values', writes };
}

/** The text for each key that a raw value names; undefined when it does not describe these keys. */
export function textsOfRaw(raw: Json, keys: readonly string[]): DconfValues | undefined {
  const only = keys[0];
  if (typeof raw === 'string')
    return keys.length === 1 && only !== undefined ? new Map<string, string>().set(only, raw) : undefined;
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const texts = new Map<string, string>();
  for (const [key, text] of Object.entries(raw)) {
    if (!keys.includes(key) || typeof text !== 'string') return undefined;
    texts.set(key, text);
  }
  return texts.size === 0 ? undefined : texts;
}
