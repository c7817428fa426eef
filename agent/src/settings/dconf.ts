/**
 * Settings that a GNOME desktop keeps in dconf, and the pictures that such settings name.
 *
 * Reads the person's own layer only (an administrator's defaults are not the person's choice) and writes on the
 * person's own bus: one load for all keys of a restore, pictures' keys included, because a load of 500 keys costs less
 * than ten single writes. What could fail that load or be ignored afterwards is left out first (dconf-wish.ts), and
 * everything is read back.
 *
 * The keys of one item are decided together: a key that the value does not name is unset, one locked key keeps the
 * whole item away.
 */

import { dconfKeysOf, type Match, settingForDconfKey } from '@carryover/model/catalog';
import type { Finding } from '@carryover/model/restore-plan';
import { rawOfKeys } from './dconf-raw.ts';
import { lockedKeys, ownValues } from './dconf-session.ts';
import { settle } from './dconf-settle.ts';
import { type Device, decide, isFulfilled, lockOf, valueNow, type Wish } from './dconf-wish.ts';
import { wordsOfValue } from './gvariant.ts';
import type { DconfValues } from './keyfile.ts';
import type { Former, FoundItem, ItemToApply, Mechanism, MechanismContext, Outcome, ReadFailure } from './mechanism.ts';
import { installedSchemas } from './schemas.ts';

export const dconf: Mechanism = {
  kinds: ['dconf', 'dconfPattern', 'dconfImage'],

  async read(context, settings) {
    const wanted = new Set(settings.map(({ id }) => id));
    const values = await ownValues(context.system);
    const matches = new Map<string, Match>();
    for (const key of values.keys()) {
      const match = settingForDconfKey(context.catalog, key);
      if (match !== undefined && wanted.has(match.setting.id)) matches.set(match.itemId, match);
    }
    const items: FoundItem[] = [];
    const failures: ReadFailure[] = [];
    for (const match of matches.values()) {
      const found = await readItem(context, values, match);
      if ('reason' in found) failures.push(found);
      else items.push(found);
    }
    return { items, failures };
  },

  async inspect(context, items) {
    const device = await deviceOf(context);
    const findings = new Map<string, Finding>();
    for (const item of items) findings.set(item.itemId, await findingOf(context, device, item));
    return findings;
  },

  async former(context, items) {
    const [values, { formerOf }] = await Promise.all([ownValues(context.system), undo()]);
    const former: Former[] = [];
    for (const item of items) {
      if (dconfKeysOf(context.catalog, item.itemId).length === 0) continue;
      former.push(await formerOf(context, values, item));
    }
    return former;
  },

  async apply(context, items) {
    const device = await deviceOf(context);
    return carriedOut(context, items, async (item) => {
      const decision = await decide(context, device, withKeys(context, item));
      if (decision.kind === 'obstacle')
        return { itemId: item.itemId, status: decision.status, reason: decision.reason };
      if (decision.kind === 'same') return { itemId: item.itemId, status: 'unchanged' };
      return withPicture(context, decision.wish, context.blob);
    });
  },

  async revert(context, former) {
    const device = await deviceOf(context);
    const { madePictureOf } = await undo();
    const outcomes = await carriedOut(context, former, (item) => revertOne(context, device, item));
    const reverted = new Set(
      outcomes.filter(({ status }) => status !== 'failed' && status !== 'lockedByPolicy').map(({ itemId }) => itemId),
    );
    for (const item of former) {
      const made = reverted.has(item.itemId) ? madePictureOf(item) : undefined;
      if (made !== undefined) await (await pictures()).removePicture(context, made.path, made.blob);
    }
    return outcomes;
  },
};

/** Loaded when needed only: most runs have no picture and no undo, and each file costs a part of a short run. */
const pictures = () => import('./image.ts');
const undo = () => import('./dconf-undo.ts');

async function deviceOf({ system }: MechanismContext): Promise<Device> {
  // The programs first, so that schemas are read while they run.
  const [locks, values, schemas] = await Promise.all([lockedKeys(system), ownValues(system), installedSchemas(system)]);
  return { schemas, values, locks };
}

function withKeys(
  { catalog }: MechanismContext,
  item: ItemToApply,
): ItemToApply & { readonly keys: readonly string[] } {
  return { ...item, keys: dconfKeysOf(catalog, item.itemId) };
}

async function readItem(
  context: MechanismContext,
  values: DconfValues,
  { itemId, setting, place }: Match,
): Promise<FoundItem | ReadFailure> {
  const { catalog, system } = context;
  if (place.mechanism === 'dconfImage') {
    const uri = valueNow(values, place.key)?.value;
    const picture =
      typeof uri === 'string'
        ? await (await pictures()).pictureOf(context, uri)
        : { code: 'badValue' as const, facts: { detail: 'it does not name a picture' } };
    return 'code' in picture
      ? { itemId, reason: picture }
      : { itemId, setting, raw: { ...picture.raw }, blobs: picture.blobs };
  }
  const keys = place.mechanism === 'dconf' ? place.keys : dconfKeysOf(catalog, itemId);
  return { itemId, setting, raw: rawOfKeys(keys, values, system.home) ?? '', blobs: [] };
}

async function findingOf(context: MechanismContext, device: Device, item: ItemToApply): Promise<Finding> {
  const wanted = withKeys(context, item);
  const decision = await decide(context, device, wanted);
  const { keys } = wanted;
  const { values } = device;
  const words = keys.flatMap((key) => {
    const value = valueNow(values, key);
    return value === undefined ? [] : [wordsOfValue(value)];
  });
  return {
    now: rawOfKeys(keys, values, context.system.home),
    nowWords: words.join(', '),
    same: decision.kind === 'same',
    ...(decision.kind === 'obstacle' ? { obstacle: { status: decision.status, reason: decision.reason } } : {}),
  };
}

/** Settles everything that `wishOf` does not answer by itself, together; the outcomes in the order of the items. */
async function carriedOut<Item extends { readonly itemId: string }>(
  context: MechanismContext,
  items: readonly Item[],
  wishOf: (item: Item) => Promise<Wish | Outcome>,
): Promise<Outcome[]> {
  const answers: (Wish | Outcome)[] = [];
  for (const item of items) answers.push(await wishOf(item).catch((error: unknown) => broken(item.itemId, error)));
  const settled = await settle(
    context,
    answers.filter((answer) => 'writes' in answer),
  );
  const byId = new Map(settled.map((outcome) => [outcome.itemId, outcome]));
  return answers.map((answer) =>
    'writes' in answer ? (byId.get(answer.itemId) ?? broken(answer.itemId, 'lost')) : answer,
  );
}

async function revertOne(context: MechanismContext, device: Device, former: Former): Promise<Wish | Outcome> {
  const { itemId } = former;
  const locked = lockOf(context, device, dconfKeysOf(context.catalog, itemId));
  if (locked?.kind === 'obstacle') return { itemId, status: locked.status, reason: locked.reason };
  const wish = await (await undo()).wishBack(context, device.values, former);
  if (isFulfilled(device.values, wish) && wish.picture === undefined) return { itemId, status: 'unchanged' };
  return withPicture(
    context,
    wish,
    async (blobId) => former.blobs.find((blob) => blob.blobId === blobId)?.content ?? new Uint8Array(),
  );
}

/** The wish once its picture is in place. Errors: those of fetching and writing the picture. */
async function withPicture(
  context: MechanismContext,
  wish: Wish,
  contentOf: (blobId: string) => Promise<Uint8Array>,
): Promise<Wish | Outcome> {
  if (wish.picture === undefined) return wish;
  const { putPicture } = await pictures();
  const reason = await putPicture(context, wish.picture, await contentOf(wish.picture.blob));
  return reason === undefined ? wish : { itemId: wish.itemId, status: 'failed', reason };
}

function broken(itemId: string, error: unknown): Outcome {
  const detail = error instanceof Error ? error.message : String(error);
  return { itemId, status: 'failed', reason: { code: 'applyFailed', facts: { detail } } };
}
