/**
 * Wishes carried out: each value written once, however many items share it; then Windows told once; then read back.
 *
 * A call that tells Windows may write more than its own value, from what it remembers: what is no longer as wished is
 * written once more. What an access list closes fails its items only.
 */

import type { Reason } from '@carryover/model/reasons';
import type { Registry, RegistryData, WindowsNotice } from '../system/registry.ts';
import type { System } from '../system/system.ts';
import type { Outcome } from './mechanism.ts';
import { identityOf, type RegistryNow, registryNow, type ValuePlace, whyClosed } from './registry-now.ts';
import { rawFrom } from './registry-raw.ts';
import { wordsOfRaw } from './registry-raw-check.ts';
import type { Wish } from './registry-wish.ts';

export interface Writing {
  readonly system: System;
  readonly registry: Registry;
  readonly build: number;
}

/** One outcome for each wish, in their order. */
export async function carryOut(writing: Writing, wishes: readonly Wish[], before: RegistryNow): Promise<Outcome[]> {
  const { registry, system, build } = writing;
  const open = wishes.filter(({ isFulfilled, place }) => !isFulfilled(before.value(place)));
  const failures = new Map<string, Reason>();
  await write(registry, open, before, failures);
  for (const wish of open) await removeMadeKeys(registry, wish);
  const written = open.filter(({ itemId }) => !failures.has(itemId));
  const notice = noticeOf(written, build);
  // Not told, the values count from the next sign-in on.
  if (notice.spi.length + notice.broadcast.length > 0) await system.notify?.(notice).catch(() => undefined);
  const keys = written.map(({ place }) => place);
  let after = await registryNow(registry, keys);
  const undone = written.filter(({ isFulfilled, place }) => !isFulfilled(after.value(place)));
  if (undone.length > 0) {
    await write(registry, undone, after, failures);
    for (const wish of undone) await removeMadeKeys(registry, wish);
    after = await registryNow(registry, keys);
  }
  const asked = new Set(open.map(({ itemId }) => itemId));
  return wishes.map((wish) => {
    const { itemId } = wish;
    const reason = failures.get(itemId);
    if (!asked.has(itemId)) return { itemId, status: 'unchanged' };
    if (reason !== undefined) return { itemId, status: 'failed', reason };
    const found = after.value(wish.place);
    return wish.isFulfilled(found)
      ? { itemId, status: 'applied' }
      : { itemId, status: 'failed', reason: { code: 'didNotTake', facts: { found: wordsOf(found) } } };
  });
}

/** Every value once. Why a value could not be written is in `failures` for each of its items. */
async function write(
  registry: Registry,
  wishes: readonly Wish[],
  now: RegistryNow,
  failures: Map<string, Reason>,
): Promise<void> {
  for (const [first, ...others] of Map.groupBy(wishes, ({ place }) => identityOf(place)).values()) {
    if (first === undefined) continue;
    const { place } = first;
    try {
      const found = now.value(place);
      let data = found;
      for (const wish of [first, ...others]) data = wish.change(data);
      if (data !== found) await put(registry, place, data);
    } catch (error) {
      for (const { itemId } of [first, ...others]) failures.set(itemId, whyClosed(place, error));
    }
  }
}

async function put(
  registry: Registry,
  { hive, key, value }: ValuePlace,
  data: RegistryData | undefined,
): Promise<void> {
  if (data === undefined) await registry.remove(hive, key, value);
  else await registry.set(hive, key, { name: value, ...data });
}

async function removeMadeKeys(registry: Registry, { place, madeKeys = 0 }: Wish): Promise<void> {
  const names = place.key.split('\\');
  for (let gone = 0; gone < madeKeys; gone += 1)
    // A key that somebody uses meanwhile, or closed, stays.
    await registry.removeEmptyKey(place.hive, names.slice(0, names.length - gone).join('\\')).catch(() => undefined);
}

/** Each action and each broadcast once, for everything that changed. */
function noticeOf(wishes: readonly Wish[], build: number): WindowsNotice {
  const spi = new Map<string, string | number>();
  const broadcast = new Set<string>();
  for (const { apply, told } of wishes) {
    if (apply?.spi !== undefined && build >= (apply.spiFrom ?? 0)) spi.set(apply.spi, told);
    if (apply?.broadcast !== undefined) broadcast.add(apply.broadcast);
  }
  return { spi: [...spi].map(([action, value]) => ({ action, value })), broadcast: [...broadcast] };
}

function wordsOf(data: RegistryData | undefined): string {
  return data === undefined ? '–' : wordsOfRaw(rawFrom(data));
}
