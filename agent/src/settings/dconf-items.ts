/**
 * The work on items of dconf: what is read, found, wanted and done, once the tools have told what the device holds.
 */

import { dconfKeysOf, isDenied, type Match, settingForDconfKey } from '@carryover/model/catalog';
import type { Finding } from '@carryover/model/restore-plan';
import type { Setting } from '@carryover/model/setting';
import { rawOfKeys } from './dconf-raw.ts';
import { settle } from './dconf-settle.ts';
import {
  type Device,
  decide,
  type Intent,
  intentOf,
  isFulfilled,
  isPicture,
  lockOf,
  valueNow,
  type Wish,
} from './dconf-wish.ts';
import { wordsOfValue } from './gvariant.ts';
import { textTemplated } from './home-template.ts';
import type { DconfValues } from './keyfile.ts';
import type {
  Former,
  FoundItem,
  ItemToApply,
  MechanismContext,
  Outcome,
  ReadFailure,
  ReadResult,
} from './mechanism.ts';
import { installedSchemas } from './schemas.ts';

/** Loaded when needed only: most runs have no picture and no undo, and each file costs a part of a short run. */
const pictures = () => import('./image.ts');
const undo = () => import('./dconf-undo.ts');

/** `key` is the one that led to the setting; a place with several may have more that are set. */
interface Found extends Match {
  readonly key: string;
}

export async function readItems(
  context: MechanismContext,
  settings: readonly Setting[],
  values: DconfValues,
): Promise<ReadResult> {
  const wanted = new Set(settings.map(({ id }) => id));
  const matches = new Map<string, Found>();
  for (const key of values.keys()) {
    const match = settingForDconfKey(context.catalog, key);
    if (match !== undefined && wanted.has(match.setting.id)) matches.set(match.itemId, { ...match, key });
  }
  const items: FoundItem[] = [];
  const failures: ReadFailure[] = [];
  for (const match of matches.values()) {
    const found = await readItem(context, values, match);
    if ('reason' in found) failures.push(found);
    else items.push(found);
  }
  return { items, failures };
}

export async function intentsOf(context: MechanismContext, items: readonly ItemToApply[]): Promise<Intent[]> {
  const schemas = await installedSchemas(context.system);
  return items.map((item) => intentOf(context, schemas, { ...item, keys: dconfKeysOf(context.catalog, item.itemId) }));
}

export async function findingsOf(
  context: MechanismContext,
  device: Device,
  intents: readonly Intent[],
): Promise<ReadonlyMap<string, Finding>> {
  const findings = new Map<string, Finding>();
  for (const intent of intents) findings.set(intent.item.itemId, await findingOf(context, device, intent));
  return findings;
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

async function readItem(
  context: MechanismContext,
  values: DconfValues,
  { itemId, setting, place, key }: Found,
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
  const keys = place.mechanism === 'dconf' ? place.keys.filter((key) => !isDenied(catalog, 'dconf', key)) : [key];
  return { itemId, setting, raw: rawOfKeys(keys, values, system.home) ?? '', blobs: [] };
}

async function findingOf(context: MechanismContext, device: Device, intent: Intent): Promise<Finding> {
  const decision = await decide(context, device, intent);
  const { keys } = intent.item;
  const { values } = device;
  const { home } = context.system;
  const shown = keys.flatMap((key) => valueNow(values, key) ?? []);
  const isOfPicture = isPicture(intent.item.setting);
  const [uri] = isOfPicture ? shown.map(({ value }) => String(value)) : [];
  return {
    now: uri === undefined ? rawOfKeys(keys, values, home) : { uri: textTemplated(uri, home) },
    nowWords: uri === undefined ? shown.map(wordsOfValue).join(', ') : nameOf(uri),
    same: decision.kind === 'same',
    ...(decision.kind === 'obstacle' ? { obstacle: { status: decision.status, reason: decision.reason } } : {}),
  };
}

/** The last part of a URI, as a person would name the file. */
function nameOf(uri: string): string {
  const last = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
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
