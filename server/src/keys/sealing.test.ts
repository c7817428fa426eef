import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { open, type Place, seal } from './sealing.ts';

const KEY = { keyId: 'key-1', key: new Uint8Array(randomBytes(32)) };
const PLACE: Place = {
  kind: 'unit',
  tenantId: 'tenant-1',
  userId: 'user-1',
  profileId: 'profile-1',
  payloadType: 'carryover.colors',
  contentId: 'abc',
};
const PLAIN = new TextEncoder().encode('what the person chose');

const isDamaged = (error: unknown) => error instanceof KnownError && error.code === 'dataDamaged';

test('what was sealed opens in its own place', () => {
  const sealed = seal(KEY, PLACE, PLAIN);

  assert.deepEqual(new Uint8Array(open(KEY, PLACE, sealed)), PLAIN);
});

test('the same content sealed twice has nothing in common that tells it is the same', () => {
  assert.notDeepEqual(seal(KEY, PLACE, PLAIN), seal(KEY, PLACE, PLAIN));
});

for (const field of Object.keys(PLACE) as (keyof Place)[]) {
  test(`a content moved to another ${field} does not open`, () => {
    const sealed = seal(KEY, PLACE, PLAIN);

    assert.throws(() => open(KEY, { ...PLACE, [field]: 'manifest' }, sealed), isDamaged);
  });
}

test('a content does not open under another key or key id', () => {
  const sealed = seal(KEY, PLACE, PLAIN);

  assert.throws(() => open({ ...KEY, key: new Uint8Array(randomBytes(32)) }, PLACE, sealed), isDamaged);
  assert.throws(() => open({ ...KEY, keyId: 'key-2' }, PLACE, sealed), isDamaged);
});

test('fields that run into each other are told apart', () => {
  const sealed = seal(KEY, { ...PLACE, payloadType: 'a', contentId: 'b","c' }, PLAIN);

  assert.throws(() => open(KEY, { ...PLACE, payloadType: 'a","b', contentId: 'c' }, sealed), isDamaged);
});

test('a content with any one byte changed, cut or added does not open', () => {
  const sealed = seal(KEY, PLACE, PLAIN);

  for (let at = 0; at < sealed.length; at += 1) {
    const changed = sealed.slice();
    changed[at] = (changed[at] ?? 0) ^ 1;
    assert.throws(() => open(KEY, PLACE, changed), isDamaged, `byte ${at}`);
    assert.throws(() => open(KEY, PLACE, sealed.subarray(0, at)), isDamaged, `cut at ${at}`);
  }
  assert.throws(() => open(KEY, PLACE, Buffer.concat([sealed, new Uint8Array(1)])), isDamaged);
});
