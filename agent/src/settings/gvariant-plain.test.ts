import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { gvariantFrom, isSameText } from './gvariant-parse.ts';
import { isPlainlyAllowed, isSameAtSight } from './gvariant-plain.ts';
import { gvariantText } from './gvariant-print.ts';
import { valueForKey } from './gvariant-rule.ts';

const TYPES = ['b', 's', 'i', 'd', 'n', 'q', 'u', 'x', 't', 'as', 'ad', 'a(ss)', '(ii)', 'aas', 'y', 'v', 'a{ss}'];

test('what is allowed at sight is what a careful look allows, and is written the same', () => {
  const word = fc.constantFrom('true', "'a b'", "'it\\'s'", '1', '-12', '0x1f', '007', '999999999', '1.5', '.5', '1e3');
  const marked = fc
    .tuple(fc.constantFrom('', 'uint32 ', 'int16 ', 'uint64 ', '@as '), word)
    .map((parts) => parts.join(''));
  const list = fc.array(marked, { maxLength: 3 }).map((items) => items.join(', '));
  const text = fc.oneof(
    marked,
    list.map((items) => `[${items}]`),
    list.map((items) => `(${items})`),
    fc.string(),
  );
  let taken = 0;
  fc.assert(
    fc.property(fc.constantFrom(...TYPES), text, (type, written) => {
      if (!isPlainlyAllowed(written, { type })) return;
      taken += 1;
      assert.ok(isSameText(gvariantText(valueForKey(written, { type })), written), `${type} ${written}`);
      assert.equal(gvariantFrom(written).type, type);
    }),
    { numRuns: 8000 },
  );
  assert.ok(taken > 0);
});

test('plain texts of every kind are taken at sight', () => {
  const plain = {
    b: 'false',
    s: "'Cantarell 11'",
    d: '0.34999999999999998',
    u: 'uint32 42',
    as: "['a', 'b']",
    'a(ss)': "[('xkb', 'de')]",
  };
  for (const [type, text] of Object.entries(plain)) assert.ok(isPlainlyAllowed(text, { type }), text);
});

test('a choice or range that the value misses is not allowed at sight', () => {
  assert.equal(isPlainlyAllowed("'dark'", { type: 's', choices: ['dark'] }), true);
  assert.equal(isPlainlyAllowed("'pink'", { type: 's', choices: ['dark'] }), false);
  assert.equal(isPlainlyAllowed("['pink']", { type: 'as', choices: ['dark'] }), false);
  assert.equal(isPlainlyAllowed('uint32 600', { type: 'u', least: '0', most: '600' }), true);
  assert.equal(isPlainlyAllowed('uint32 601', { type: 'u', least: '0', most: '600' }), false);
  assert.equal(isPlainlyAllowed('-1', { type: 'i', least: '0' }), false);
});

test('two ways to write one number are the same, and what cannot be told at sight is left open', () => {
  assert.equal(isSameAtSight('1.5', '1.50'), true);
  assert.equal(isSameAtSight('0.35', '0.34999999999999998'), true);
  assert.equal(isSameAtSight('1.5', '1.25'), false);
  assert.equal(isSameAtSight("'a'", "'b'"), false);
  assert.equal(isSameAtSight("'\\u00e9'", "'é'"), undefined);
});
