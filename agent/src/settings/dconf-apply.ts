/**
 * Items of dconf that are to change: what is wanted of each, what came of it, and the way back.
 */

import { dconfKeysOf } from '@carryover/model/catalog';
import type { Decision, Device, Intent, Wish } from './dconf-decision.ts';
import type { Change, Changed } from './dconf-session.ts';
import { decide, intentOf, isFulfilled, lockOf, type Soon } from './dconf-wish.ts';
import type { DconfValues } from './keyfile.ts';
import type { Former, ItemToApply, MechanismContext, Outcome } from './mechanism.ts';
import { installedSchemas } from './schemas.ts';

/** Loaded when needed only: most runs have no picture and no undo, and each file costs a part of a short run. */
const pictures = () => import('./image.ts');
const undo = () => import('./dconf-undo.ts');

export async function intentsOf(context: MechanismContext, items: readonly ItemToApply[]): Promise<Intent[]> {
  const schemas = await installedSchemas(context.system);
  const intents: Intent[] = [];
  for (const { itemId, setting, raw } of items) {
    const keys = dconfKeysOf(context.catalog, itemId);
    const intent = intentOf(context, schemas, { itemId, setting, raw, keys });
    intents.push(intent instanceof Promise ? await intent : intent);
  }
  return intents;
}

/** Items on their way: decided once the tools told what is there, judged once they told what came of it. */
export interface Undertaking {
  decide(device: Device): Promise<Change>;
  outcomes(result: Changed): Promise<Outcome[]>;
}

export async function application(context: MechanismContext, items: readonly ItemToApply[]): Promise<Undertaking> {
  return undertaking(context, await intentsOf(context, items), (device, intent) => {
    const answer = (decision: Decision): Soon<Wish | Outcome> => {
      const { itemId } = intent.item;
      if (decision.kind === 'obstacle') return { itemId, status: decision.status, reason: decision.reason };
      if (decision.kind === 'same') return { itemId, status: 'unchanged' };
      return withPicture(context, decision.wish, context.blob);
    };
    const decision = decide(context, device, intent);
    return decision instanceof Promise ? decision.then(answer) : answer(decision);
  });
}

export function reversion(context: MechanismContext, former: readonly Former[]): Undertaking {
  const tasks = former.map((item) => ({ item }));
  const { decide, outcomes } = undertaking(context, tasks, (device, { item }) => revertOne(context, device, item));
  return {
    decide,
    async outcomes(result) {
      const reverted = await outcomes(result);
      await removeMadePictures(context, former, reverted);
      return reverted;
    },
  };
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

/** Everything that `wishOf` does not answer by itself is changed together; the outcomes in the order of the tasks. */
function undertaking<Task extends { readonly item: { readonly itemId: string } }>(
  context: MechanismContext,
  tasks: readonly Task[],
  wishOf: (device: Device, task: Task) => Soon<Wish | Outcome>,
): Undertaking {
  const answers: (Wish | Outcome)[] = [];
  return {
    async decide(device) {
      const writes = new Map<string, string>();
      const resets: string[] = [];
      for (const task of tasks) {
        let answer: Wish | Outcome;
        try {
          const soon = wishOf(device, task);
          answer = soon instanceof Promise ? await soon : soon;
        } catch (error) {
          answer = broken(task.item.itemId, error);
        }
        answers.push(answer);
        if (!('writes' in answer)) continue;
        for (const key of answer.writes.keys()) writes.set(key, answer.writes.get(key) ?? '');
        resets.push(...answer.resets);
      }
      return { writes, resets };
    },
    async outcomes(result) {
      const outcomes: Outcome[] = [];
      for (const answer of answers) {
        const outcome = 'writes' in answer ? outcomeOf(context, answer, result) : answer;
        outcomes.push(outcome instanceof Promise ? await outcome : outcome);
      }
      return outcomes;
    },
  };
}

function outcomeOf(context: MechanismContext, wish: Wish, result: Changed): Soon<Outcome> {
  const { itemId } = wish;
  if (result.failure !== undefined) return broken(itemId, result.failure);
  const judged = (fulfilled: boolean): Soon<Outcome> =>
    fulfilled ? { itemId, status: 'applied' } : unfulfilled(context, wish, result);
  const fulfilled = isFulfilled(result.values, wish);
  return typeof fulfilled === 'boolean' ? judged(fulfilled) : fulfilled.then(judged);
}

async function unfulfilled(
  { organization }: MechanismContext,
  { itemId, writes, resets }: Wish,
  { ignored, values }: Changed,
): Promise<Outcome> {
  const keys = [...writes.keys(), ...resets];
  const locked = keys.find((key) => ignored.has(key));
  if (locked !== undefined) {
    const facts = { policy: `dconf ${locked}`, ...(organization === undefined ? {} : { org: organization }) };
    return { itemId, status: 'lockedByPolicy', reason: { code: 'lockedByPolicy', facts } };
  }
  const { shownValue } = await import('./dconf-raw.ts');
  const found = keys.map((key) => shownValue(values, key)).join('; ');
  return { itemId, status: 'failed', reason: { code: 'didNotTake', facts: { found } } };
}

/** A picture that the restore brought goes, unless a key still names it. */
async function removeMadePictures(
  context: MechanismContext,
  former: readonly Former[],
  outcomes: readonly Outcome[],
): Promise<void> {
  const { madePictureOf } = await undo();
  const stuck = new Set(
    outcomes.filter(({ status }) => status === 'failed' || status === 'lockedByPolicy').map(({ itemId }) => itemId),
  );
  for (const item of former) {
    const made = stuck.has(item.itemId) ? undefined : madePictureOf(item);
    if (made !== undefined) await (await pictures()).removePicture(context, made.path, made.blob);
  }
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
function withPicture(
  context: MechanismContext,
  wish: Wish,
  contentOf: (blobId: string) => Promise<Uint8Array>,
): Soon<Wish | Outcome> {
  const { itemId, picture } = wish;
  if (picture === undefined) return wish;
  return pictures().then(async ({ putPicture }) => {
    const reason = await putPicture(context, picture, await contentOf(picture.blob));
    return reason === undefined ? wish : { itemId, status: 'failed', reason };
  });
}

function broken(itemId: string, error: unknown): Outcome {
  const detail = error instanceof Error ? error.message : String(error);
  return { itemId, status: 'failed', reason: { code: 'applyFailed', facts: { detail } } };
}
