import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isKeyfileKey, keyfileOf, valuesFromKeyfile } from './keyfile.ts';

test('a dump is read by path, and written again it reads the same', () => {
  const dump = "[/]\ntop=1\n\n[org/a]\nb='x=y'\nc=true\n\n[org/a/d e]\nf=@as []\n";

  const values = valuesFromKeyfile(dump);

  assert.deepEqual(
    [...values],
    [
      ['/top', '1'],
      ['/org/a/b', "'x=y'"],
      ['/org/a/c', 'true'],
      ['/org/a/d e/f', '@as []'],
    ],
  );
  assert.equal(keyfileOf(values), dump);
});

test('no key or value can bring a second line into a key file', () => {
  for (const key of ['/a/b\n[x]\nc', '/a]/b', '/a/b=c', 'a/b', '/a/', '/a//b', '/a/#b', '/a/b ', '/ a/b', '/', '']) {
    assert.equal(isKeyfileKey(key), false, key);
    assert.throws(() => keyfileOf(new Map([[key, '1']])), RangeError, key);
  }
  assert.throws(() => keyfileOf(new Map([['/a/b', "'x'\nc=1"]])), RangeError);
  assert.equal(isKeyfileKey('/org/gnome/terminal/profiles:/:b1dc/use-theme-colors'), true);
});
