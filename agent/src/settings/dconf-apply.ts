/**
 * Items of dconf that are to change: what is wanted of each, what came of it, and the way back.
 */

import { dconfKeysOf } from '@carryover/model/catalog';
import type { Device, Intent, Wish } from './dconf-decision.ts';
import { settle } from './dconf-settle.ts';
import { decide, intentOf, isFulfilled, lockOf } from './dconf-wish.ts';
import type { DconfValues } from './keyfile.ts';
import type { Former, ItemToApply, MechanismContext, Outcome } from './mechanism.ts';
import { installedSchemas } from './schemas.ts';

/** Loaded when needed only: most runs have no picture and no undo, and each file costs a part of a short run. */
const pictures = () => import('./image.ts');
const undo = () => import('./dconf-undo.ts');

export async function intentsOf(context: MechanismContext, items: readonly ItemToApply[]): Promise<Intent[]> {
  const schemas = await installedSchemas(context.system);
  const intents: Intent[] = [];
  for (const item of items)
    intents.push(await intentOf(context, schemas, { ...item, keys: dconfKeysOf(context.catalog, item.itemId) }));
  return intents;
}

export async function applied(
  context: MechanismContext,
  device: Device,
  intents: readonly Intent[],
): Promise<Outcome[]> {
  return carriedOut(context, intents, async (intent) => {
    const { itemId } = intent.item;
    const decision = await decide(context, device, intent);
    if (decision.kind === 'obstacle') return { itemId, status: decision.status, reason: decision.reason };
    if (decision.kind === 'same') return { itemId, status: 'unchanged' };
    return withPicture(context, decision.wish, context.blob);
  });
}

export async function formerOfItems(
  context: MechanismContext,
  values: DconfValues,
  items: readonly ItemToApply[],
): Promise<Former[]> {
  const { formerOf } = await undo();
  const former: Former[] = [];
  for (const item of items) {
    if (dconfKeysOf(context.catalog, item.itemId).length === 0) continue;
    former.push(await formerOf(context, values, item));
  }
  return former;
}

export async function reverted(
  context: MechanismContext,
  device: Device,
  former: readonly Former[],
): Promise<Outcome[]> {
  const { madePictureOf } = await undo();
  const tasks = former.map((item) => ({ item }));
  const outcomes = await carriedOut(context, tasks, ({ item }) => revertOne(context, device, item));
  const stuck = new Set(
    outcomes.filter(({ status }) => status === 'failed' || status === 'lockedByPolicy').map(({ itemId }) => itemId),
  );
  for (const item of former) {
    const made = stuck.has(item.itemId) ? undefined : madePictureOf(item);
    if (made !== undefined) await (await pictures()).removePicture(context, made.path, made.blob);
  }
  return outcomes;
}

/** Settles everything that `wishOf` does not answer by itself, together; the outcomes in the order of the items. */
async function carriedOut<Task extends { readonly item: { readonly itemId: string } }>(
  context: MechanismContext,
  tasks: readonly Task[],
  wishOf: (task: Task) => Promise<Wish | Outcome>,
): Promise<Outcome[]> {
  const answers: (Wish | Outcome)[] = [];
  for (const task of tasks) answers.push(await wishOf(task).catch((error: unknown) => broken(task.item.itemId, error)));
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
  if ((await isFulfilled(device.values, wish)) && wish.picture === undefined) return { itemId, status: 'unchanged' };
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
