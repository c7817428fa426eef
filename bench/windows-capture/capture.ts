/**
 * Runs inside Windows: how long the mechanisms of Windows read the whole catalog, and how long koffi alone takes for the
 * same values, in turns within one process. Files are left out: koffi reads none.
 *
 * Usage: node.exe capture.ts RUNS. Prints JSON: milliseconds of each run.
 */

import { createHmac } from 'node:crypto';
import { lockScreen } from '../../agent/src/settings/lock-screen.ts';
import { pins } from '../../agent/src/settings/pins.ts';
import { registry } from '../../agent/src/settings/registry.ts';
import { buildOf, keysBehind } from '../../agent/src/settings/registry-now.ts';
import { realSystem } from '../../agent/src/system/real.ts';
import { registryData } from '../../agent/testing/memory-registry.ts';
import catalogAsCompiled from '../../catalog/catalog.json' with { type: 'json' };
import { windowsPlaceOf } from '../../model/src/catalog.ts';
import type { RegistryType } from '../../model/src/registry-value.ts';
import type { Catalog } from '../../model/src/setting.ts';
import { bareRead, type KeyToRead } from './bare-read.ts';

export interface Runs {
  readonly oursMs: readonly number[];
  readonly bareMs: readonly number[];
  readonly values: number;
}

const system = realSystem();
const catalog = catalogAsCompiled as unknown as Catalog;
const context = {
  system,
  catalog,
  blobIdOf: (content: Uint8Array) => createHmac('sha256', 'key').update(content).digest('hex'),
  blob: async () => new Uint8Array(),
};

const SOME: Readonly<Record<RegistryType, ReturnType<typeof registryData>>> = {
  REG_NONE: registryData('REG_NONE', ''),
  REG_SZ: registryData('REG_SZ', '10'),
  REG_EXPAND_SZ: registryData('REG_EXPAND_SZ', '%windir%\\x'),
  REG_BINARY: registryData('REG_BINARY', '00'.repeat(48)),
  REG_DWORD: registryData('REG_DWORD', 1),
  REG_MULTI_SZ: registryData('REG_MULTI_SZ', ['de-DE']),
  REG_QWORD: registryData('REG_QWORD', '1'),
};

const keys = await filled();
const bare = await bareRead(
  keys,
  ['lock-screen.json', 'start-pins.json'].map((name) => `${system.stateFolder}/${name}`),
);
const ours: number[] = [];
const theirs: number[] = [];
let values = 0;
for (let run = -2; run < Number(process.argv[2] ?? 9); run += 1) {
  const ourMs = await millisecondsOf(async () => {
    const mechanisms = [registry, lockScreen, pins];
    const read = await Promise.all(mechanisms.map((mechanism) => mechanism.read(context, catalog.settings)));
    values = read.flatMap(({ items }) => items).length;
  });
  const theirMs = await millisecondsOf(async () => bare());
  // The first two are to warm up.
  if (run < 0) continue;
  ours.push(ourMs);
  theirs.push(theirMs);
}
const runs: Runs = { oursMs: ours, bareMs: theirs, values };
console.log(JSON.stringify(runs));

/** Puts a value into every single place, so that there is something to read; the keys that they lie in. */
async function filled(): Promise<KeyToRead[]> {
  const door = system.registry;
  if (door === undefined) throw new Error('This is no Windows.');
  const build = await buildOf(door);
  const found = new Map<string, KeyToRead>();
  for (const setting of catalog.settings) {
    const place = windowsPlaceOf(setting, build);
    if (place?.mechanism === 'registryFamily')
      for (const behind of await keysBehind(door, place))
        found.set(`${behind.hive}\\${behind.key}`.toLowerCase(), behind);
    if (place?.mechanism !== 'registry') continue;
    await door.set(place.hive, place.key, { name: place.value, ...SOME[place.type] });
    found.set(`${place.hive}\\${place.key}`.toLowerCase(), { hive: place.hive, key: place.key });
  }
  return [...found.values()];
}

async function millisecondsOf(work: () => Promise<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}
