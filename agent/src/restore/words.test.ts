import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wordsOfValue } from './words.ts';

test('a setting reads as a person would write it', () => {
  assert.equal(wordsOfValue('setting', 'a', "'prefer-dark'"), 'prefer-dark');
  assert.equal(wordsOfValue('setting', 'a', 'uint32 5'), '5');
  assert.equal(wordsOfValue('setting', 'a', "['a', 'b']"), 'a, b');
  assert.equal(wordsOfValue('setting', 'a', { '/x': 'true', '/y': 'true' }), 'true');
  assert.equal(wordsOfValue('setting', 'a', undefined), '');
});

test('a value of the registry reads as what it holds', () => {
  assert.equal(wordsOfValue('setting', 'a', { type: 'REG_DWORD', data: 10 }), '10');
  assert.equal(wordsOfValue('setting', 'a', { type: 'REG_SZ', data: "it's" }), "it's");
  assert.equal(wordsOfValue('setting', 'a', { type: 'REG_MULTI_SZ', data: ['de-DE', 'en-US'] }), 'de-DE, en-US');
  assert.equal(wordsOfValue('setting', 'a', { type: 'REG_BINARY', hex: '0a0b' }), '0a0b');
  assert.equal(wordsOfValue('setting', 'a', true), 'true');
  const picture = { path: `\${HOME}\\Pictures\\sea.jpg`, blob: 'ab', bytes: 312 };
  assert.equal(wordsOfValue('image', 'a', picture), 'sea.jpg, 312 B');
});

test('a picture and a file read as name and size', () => {
  const picture = { uri: `file://\${HOME}/Bilder/Gr%C3%BC%C3%9Fe.jpg`, blob: 'ab', bytes: 2_100_000 };

  assert.equal(wordsOfValue('image', 'desktop.wallpaper', picture), 'Grüße.jpg, 2.1 MB');
  assert.equal(wordsOfValue('file', 'fonts/.fonts/serif.ttf', { blob: 'ab', bytes: 312 }), 'serif.ttf, 312 B');
});

test('what is no value is shown as it is, and long values are cut in the middle', () => {
  assert.equal(wordsOfValue('setting', 'a', 'not a GVariant ['), 'not a GVariant [');
  const long = wordsOfValue('setting', 'a', `'${'a'.repeat(50)}${'z'.repeat(50)}'`);
  assert.equal(long.length, 40);
  assert.match(long, /^a+…z+$/);
});
