/** Files of a profile on Windows: the catalog's own dictionaries, taken, put, put again, and taken back. */

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import type { Catalog } from '@carryover/model/setting';
import catalogAsCompiled from '../../../catalog/catalog.json' with { type: 'json' };
import { realSystem } from '../system/real.ts';
import { file } from './file.ts';
import type { MechanismContext } from './mechanism.ts';

const catalog = catalogAsCompiled as unknown as Catalog;
const system = realSystem();
const blobs = new Map<string, Uint8Array>();
const context: MechanismContext = {
  system,
  catalog,
  blobIdOf: (content) => createHmac('sha256', 'key').update(content).digest('hex'),
  blob: async (blobId) => blobs.get(blobId) ?? assert.fail('no such blob'),
};

const FOLDER = `${system.home}/AppData/Roaming/Microsoft/Spelling/de-DE`;
const DICTIONARY = `${FOLDER}/default.dic`;
const WORDS = Buffer.from('\uFEFFWörterbuch\r\n', 'utf16le');

test('a dictionary of the profile is taken, comes back, and goes again with undo', async () => {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(DICTIONARY, WORDS);

  const { items, failures } = await file.read(context, catalog.settings);

  assert.deepEqual(failures, []);
  assert.deepEqual(
    items.map(({ itemId }) => itemId),
    ['customDictionaries/AppData/Roaming/Microsoft/Spelling/de-DE/default.dic'],
  );
  for (const found of items.flatMap((item) => item.blobs)) blobs.set(found.blobId, found.content);
  await system.removeFile(DICTIONARY);
  const wanted = items.map(({ itemId, setting, raw }) => ({ itemId, setting, raw }));
  const former = await file.former(context, wanted);

  assert.equal((await file.apply(context, wanted))[0]?.status, 'applied');
  assert.equal((await file.apply(context, wanted))[0]?.status, 'unchanged');
  assert.deepEqual(Buffer.from((await system.readFile(DICTIONARY)) ?? []), WORDS);

  assert.equal((await file.revert(context, former))[0]?.status, 'applied');
  assert.equal(await system.facts(DICTIONARY), undefined);
});
