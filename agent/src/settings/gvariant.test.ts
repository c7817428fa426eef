import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { type Desktop, desktop } from '../../testing/desktop.ts';
import {
  coerceNumber,
  type GVariant,
  GVariantError,
  mapStrings,
  sameGVariant,
  stringsOf,
  wordsOfValue,
} from './gvariant.ts';
import { gvariantFrom } from './gvariant-parse.ts';
import { gvariantText } from './gvariant-print.ts';
import { memberTypes } from './gvariant-type.ts';
import { valuesFromKeyfile } from './keyfile.ts';

let real: Desktop | undefined;
after(() => real?.close());

/** What dconf has after loading these texts: undefined when it refuses one. */
async function throughDconf(texts: readonly string[]): Promise<string[] | undefined> {
  real ??= await desktop();
  const keyfile = `[test]\n${texts.map((text, index) => `k${index}=${text}\n`).join('')}`;
  try {
    await real.load(keyfile);
  } catch {
    return undefined;
  }
  const values = valuesFromKeyfile(await real.dump());
  return texts.map((_, index) => values.get(`/test/k${index}`) ?? '');
}

const text = fc.string({
  unit: fc.oneof(
    fc.constantFrom('a', "'", '"', '\\', '\n', '\t', '$', '{', '}', ' '),
    fc.constantFrom('é', '𝄞', '\u200d', '\u0001', '\u2028', '漢'),
  ),
});

const BASIC: Readonly<Record<string, fc.Arbitrary<GVariant['value']>>> = {
  b: fc.boolean(),
  y: fc.integer({ min: 0, max: 255 }),
  n: fc.integer({ min: -32_768, max: 32_767 }),
  q: fc.integer({ min: 0, max: 65_535 }),
  i: fc.integer(),
  u: fc.integer({ min: 0, max: 4_294_967_295 }),
  h: fc.integer(),
  x: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  t: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  // Below this size a number is one that dconf prints but does not load.
  d: fc.double().map((number) => (Math.abs(number) < 2.3e-308 ? 0 : number)),
  s: text,
  o: fc.constantFrom('/', '/a', '/org/example_1'),
  g: fc.constantFrom('', 'as', 'a{sv}(ii)'),
};

const basicType = fc.constantFrom(...Object.keys(BASIC));

const anyType: fc.Arbitrary<string> = fc.letrec<{ type: string }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    basicType,
    fc.constant('v'),
    tie('type').map((type) => `a${type}`),
    tie('type').map((type) => `m${type}`),
    fc.tuple(basicType, tie('type')).map(([key, type]) => `a{${key}${type}}`),
    fc.tuple(basicType, tie('type')).map(([key, type]) => `{${key}${type}}`),
    fc.array(tie('type'), { maxLength: 3 }).map((types) => `(${types.join('')})`),
  ),
})).type;

function ofType(type: string): fc.Arbitrary<GVariant> {
  return valueOfType(type).map((value) => ({ type, value }));
}

function valueOfType(type: string): fc.Arbitrary<GVariant['value']> {
  const basic = BASIC[type];
  if (basic !== undefined) return basic;
  if (type === 'v')
    return fc.oneof(...['i', 's', 'as', 'ms', 'v'].map((inner) => (inner === 'v' ? ofType('u') : ofType(inner))));
  if (type === 'ay')
    return fc.oneof(fc.uint8Array({ maxLength: 6 }), fc.uint8Array({ min: 1, maxLength: 6 }).map(zeroEnded));
  if (type.startsWith('a')) return fc.array(ofType(type.slice(1)), { maxLength: 3 });
  if (type.startsWith('m')) return fc.option(ofType(type.slice(1)), { nil: undefined });
  return fc.tuple(...memberTypes(type).map(ofType));
}

function zeroEnded(bytes: Uint8Array): Uint8Array {
  return Uint8Array.of(...bytes, 0);
}

const anyValue = anyType.chain(ofType);

test('every value survives its own text', () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const again = gvariantFrom(gvariantText(value));
      assert.ok(sameGVariant(again, value), gvariantText(value));
      assert.ok(sameGVariant(gvariantFrom(gvariantText(value), value.type), value));
    }),
    { numRuns: 500 },
  );
});

test('every value survives dconf: loaded, dumped and parsed, it has the type and value it had', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyValue, { minLength: 30, maxLength: 60 }), async (values) => {
      const dumped = await throughDconf(values.map(gvariantText));
      assert.ok(dumped !== undefined, 'dconf refused');
      for (const [index, value] of values.entries())
        assert.ok(
          sameGVariant(gvariantFrom(dumped[index] ?? ''), value),
          `${gvariantText(value)} came back as ${dumped[index]}`,
        );
    }),
    { numRuns: 12 },
  );
});

test('texts in every way of writing mean to us what they mean to dconf', async () => {
  const texts = [
    [
      '5',
      '-5',
      '+5',
      '0x1f',
      '017',
      '1.',
      '.5',
      '1e3',
      'inf',
      '-inf',
      'nan',
      '5.0',
      '"a"',
      "'it\\'s'",
      "'\\u00e9\\U0001D11E'",
    ],
    [
      'byte 5',
      'int16 -5',
      'uint16 5',
      'uint32 5',
      'int64 5',
      'uint64 18446744073709551615',
      'double 5',
      'handle 5',
      'string "a"',
    ],
    [
      '@as []',
      '@a{sv} {}',
      '{"a": <1>, "b": <"x">}',
      '{"a", 1}',
      '[{1, "a"}, {2, "b"}]',
      '@ay []',
      "b'a\\377\\n\\'q'",
      'b"é"',
    ],
    [
      '[1, 2.5]',
      '[1, int64 2]',
      '[byte 1, 2]',
      '["/a", objectpath "/b"]',
      '[nothing, 1]',
      '[just 1, nothing]',
      '[[], [1]]',
      '[@mi 1, nothing]',
    ],
    [
      '@mi nothing',
      '@mi 5',
      '@mi @i 5',
      'just 5',
      '@mmi just nothing',
      '@mmi nothing',
      'just just 5',
      '(1,)',
      '()',
      '(1, "a", [2.5])',
      '<<5>>',
      '<@as []>',
    ],
    [
      '@(ii) (1, 2)',
      '@a(si) [("a", 1)]',
      '@d 5',
      '@x 5',
      '@ad [1, 2]',
      '@as ["a"]',
      '@v <1>',
      '[<1>, <"a">]',
      '{1: [5], 2: []}',
      '{1: 2.5, 2: 2}',
      '1e-999',
      '  5  ',
    ],
  ].flat();

  const dumped = await throughDconf(texts);

  assert.ok(dumped !== undefined, 'dconf refused');
  for (const [index, text] of texts.entries()) {
    const ours = gvariantFrom(text);
    const theirs = gvariantFrom(dumped[index] ?? '');
    assert.ok(sameGVariant(ours, theirs), `${text}: ${ours.type} ${gvariantText(ours)}, dconf has ${dumped[index]}`);
  }
});

test('what dconf refuses, we refuse', async () => {
  const texts = [
    [
      '',
      'maybe',
      '[',
      '[1',
      '[1,]',
      '(1)',
      '(1, 2,)',
      '{1: 2,}',
      '{1}',
      "'a",
      '"a\\',
      '5 5',
      '<5',
      '@ 5',
      '@q 5 5',
      'byte 256',
      'byte -1',
    ],
    [
      'int16 40000',
      'uint32 -1',
      '2147483648',
      '09',
      '0x',
      '1e999',
      '5e-324',
      '{1: [], 2: [5]}',
      '{1: 2, 2: 2.5}',
      '[1, "a"]',
      '[1, true]',
      '[]',
      '{}',
      'nothing',
      '[nothing]',
      'objectpath "a"',
    ],
    [
      'signature "z"',
      '@z 5',
      '@i "a"',
      '@i 5.5',
      '@as [1]',
      '(1, nothing)',
      "'\\u12'",
      '@{vi} {<1>, 2}',
      '[@i 5, nothing]',
      "'\\u0000'",
    ],
  ].flat();

  for (const text of texts) {
    assert.equal(await throughDconf([text]), undefined, `dconf takes ${text}`);
    assert.throws(() => gvariantFrom(text), GVariantError, `we take ${text}`);
  }
});

test('a deeply nested text is refused instead of exhausting the stack', () => {
  assert.throws(() => gvariantFrom('['.repeat(100_000)), GVariantError);
  assert.throws(() => gvariantFrom(`@${'a'.repeat(100_000)}i []`), GVariantError);
});

test('a wanted type is given to a text that leaves it open, and refused to one that does not', () => {
  assert.equal(gvariantText(gvariantFrom('5', 'u')), 'uint32 5');
  assert.equal(gvariantText(gvariantFrom('[]', 'as')), '@as []');
  assert.equal(gvariantText(gvariantFrom('[1, 2]', 'ad')), '[1.0, 2.0]');
  assert.throws(() => gvariantFrom('uint32 5', 'i'), GVariantError);
  assert.throws(() => gvariantFrom("'a'", 'b'), GVariantError);
});

test('doubles are one value however many digits they are written with', () => {
  assert.ok(sameGVariant(gvariantFrom('0.35'), gvariantFrom('0.34999999999999998')));
  assert.ok(!sameGVariant(gvariantFrom('0.35'), gvariantFrom('0.36')));
  assert.ok(!sameGVariant(gvariantFrom('5'), gvariantFrom('uint32 5')));
});

test('a number takes another number type only when it fits', () => {
  const coerced = (text: string, type: string) => {
    const number = coerceNumber(gvariantFrom(text), type);
    return number === undefined ? undefined : gvariantText(number);
  };

  assert.equal(coerced('9', 'u'), 'uint32 9');
  assert.equal(coerced('uint32 9', 'i'), '9');
  assert.equal(coerced('9', 'x'), 'int64 9');
  assert.equal(coerced('int64 9', 'd'), '9.0');
  assert.equal(coerced('9.0', 'i'), '9');
  assert.equal(coerced('-1', 'u'), undefined);
  assert.equal(coerced('9.5', 'i'), undefined);
  assert.equal(coerced("'9'", 'i'), undefined);
  assert.equal(coerced('true', 'i'), undefined);
});

test('strings are found and changed wherever they are, object paths only found', () => {
  const value = gvariantFrom("{'a': <['x', 'y']>, 'b': <(1, objectpath '/o')>}");

  assert.deepEqual(stringsOf(value), ['a', 'x', 'y', 'b', '/o']);
  assert.equal(
    gvariantText(mapStrings(value, (text) => text.toUpperCase())),
    "{'A': <['X', 'Y']>, 'B': <(1, objectpath '/o')>}",
  );
});

test('a value reads as words without marks', () => {
  assert.equal(wordsOfValue(gvariantFrom("'prefer-dark'")), 'prefer-dark');
  assert.equal(wordsOfValue(gvariantFrom("[('xkb', 'de'), ('xkb', 'us')]")), 'xkb, de, xkb, us');
  assert.equal(wordsOfValue(gvariantFrom('uint32 5')), '5');
});
