import assert from 'node:assert/strict';
import { test } from 'node:test';
import fastCheck from 'fast-check';
import type { Json } from './canonical.ts';
import { gvariantFrom, toGvariant } from './gvariant.ts';

const BOTH_WAYS: readonly [text: string, type: string, value: Json][] = [
  ['true', 'b', true],
  ['uint32 5', 'u', 5],
  ['-5', 'i', -5],
  ['int64 5', 'x', 5],
  ['byte 0x05', 'y', 5],
  ['2.0', 'd', 2],
  ['0.5', 'd', 0.5],
  ["'a'", 's', 'a'],
  [`"it's"`, 's', "it's"],
  [`'say "a"'`, 's', 'say "a"'],
  ["'a\\nb\\u0001'", 's', 'a\nb\u0001'],
  ["'\\\\'", 's', '\\'],
  ['@as []', 'as', []],
  ["['a', 'b']", 'as', ['a', 'b']],
  [
    "[('xkb', 'de'), ('xkb', 'us+intl')]",
    'a(ss)',
    [
      ['xkb', 'de'],
      ['xkb', 'us+intl'],
    ],
  ],
  ["('a',)", '(s)', ['a']],
];

for (const [text, type, value] of BOTH_WAYS)
  test(`${text} is ${JSON.stringify(value)}, both ways`, () => {
    assert.deepEqual(gvariantFrom(text), value);
    assert.equal(toGvariant(value, type), text);
  });

const READ: readonly [text: string, value: Json][] = [
  [
    "{'a': <1>, 'b': <'x'>}",
    [
      ['a', 1],
      ['b', 'x'],
    ],
  ],
  ['@a{sv} {}', []],
  ["[<(uint32 2, <('Berlin', 'EDDT', true)>)>]", [[2, ['Berlin', 'EDDT', true]]]],
  ["@ms 'a'", 'a'],
  ['@ms nothing', null],
  ['just 5', 5],
  ['inf', null],
  ["'\\U0001f600'", '😀'],
  ['0x1f', 31],
  ['010', 8],
  ["b'bytes'", 'bytes'],
  ["objectpath '/a/b'", '/a/b'],
];

for (const [text, value] of READ)
  test(`${text} is read`, () => {
    assert.deepEqual(gvariantFrom(text), value);
  });

for (const text of ['', 'tru', "'a", '[1, 2', '(1', '{1}', '1 2', '<1', "'\\u12'", '[1 2]', 'fast', '[[['.repeat(40)])
  test(`${text.slice(0, 12)} is no GVariant`, () => {
    assert.throws(() => gvariantFrom(text), SyntaxError);
  });

test('a value that does not fit its type is refused', () => {
  assert.throws(() => toGvariant(-1, 'u'), TypeError);
  assert.throws(() => toGvariant(1.5, 'i'), TypeError);
  assert.throws(() => toGvariant('a', 'b'), TypeError);
  assert.throws(() => toGvariant(['a'], '(ss)'), TypeError);
  assert.throws(() => toGvariant([true], 'as'), TypeError);
});

test('any string comes back as it was', () => {
  fastCheck.assert(
    fastCheck.property(fastCheck.string({ unit: 'binary' }), (text) => {
      assert.equal(gvariantFrom(toGvariant(text, 's')), text);
    }),
  );
});

test('any finite double comes back as it was', () => {
  fastCheck.assert(
    fastCheck.property(fastCheck.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      assert.equal(Object.is(gvariantFrom(toGvariant(value, 'd')), value) || value === 0, true);
    }),
  );
});
