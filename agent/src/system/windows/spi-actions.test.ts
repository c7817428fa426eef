import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Catalog } from '@carryover/model/setting';
import { SPI_ACTIONS } from './spi-actions.ts';

const CATALOG_FILE = join(import.meta.dirname, '../../../../catalog/catalog.json');
const { settings } = JSON.parse(readFileSync(CATALOG_FILE, 'utf8')) as Catalog;

test('every call that the catalog names is known by its number', () => {
  const places = settings.flatMap(({ windows = [] }) => windows);
  const named = new Set(places.flatMap((place) => ('apply' in place ? (place.apply?.spi ?? []) : [])));

  assert.ok(named.size > 40, `only ${named.size} calls`);
  assert.deepEqual(
    [...named].filter((action) => SPI_ACTIONS[action] === undefined),
    [],
  );
});

test('no two calls have the same number, and members of a structure lie inside it', () => {
  const actions = Object.values(SPI_ACTIONS);

  assert.equal(new Set(actions.map(({ number }) => number)).size, actions.length);
  for (const action of actions)
    if (action.takes === 'structure')
      for (const { at } of action.members)
        assert.ok(at % 4 === 0 && at + 4 <= action.bytes, `${action.number} at ${at}`);
});

test('a structure is filled from values that the catalog restores', () => {
  const places = settings.flatMap(({ windows = [] }) => windows);
  const restored = new Set(places.map((place) => ('value' in place ? `${place.key}\\${place.value}` : '')));

  for (const action of Object.values(SPI_ACTIONS))
    if (action.takes === 'structure')
      for (const { key, value } of action.members) assert.ok(restored.has(`${key}\\${value}`), `${key}\\${value}`);
});
