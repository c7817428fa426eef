import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import fc from 'fast-check';
import { type Desktop, desktop } from '../../testing/desktop.ts';
import { valuesFromDatabase } from './dconf-database.ts';
import { keyfileOf, valuesFromKeyfile } from './keyfile.ts';

/** One of each way to lie in memory: fixed and varying sizes, padding between members, offsets of one, two and four bytes. */
const TEXTS = [
  'true',
  'byte 0x07',
  'int16 -3',
  'uint16 65535',
  '-2147483648',
  'uint32 4294967295',
  'handle 1',
  'int64 -9223372036854775808',
  'uint64 18446744073709551615',
  '0.34999999999999998',
  '-0.0',
  'inf',
  "''",
  "'a word'",
  `"it's"`,
  "'grüße 🙂 \\u200e\\n'",
  "objectpath '/org/example'",
  "signature 'a{sv}'",
  '@as []',
  "['a', '', 'long enough']",
  '[1, 2, 3]',
  '[true, false]',
  "[('xkb', 'de'), ('xkb', 'us')]",
  "[('de', uint32 1, true)]",
  '[[1], @ai [], [2, 3]]',
  "b'bytes'",
  '[byte 0x01, 0x00, 0x02]',
  "{'a': <1>, 'b': <['x']>}",
  '@a{sv} {}',
  "{1: 'one', 2: 'two'}",
  "<<'in two'>>",
  '()',
  '[(), ()]',
  "(true, 1.5, byte 0x01, 'end')",
  "('start', uint64 1, 'middle', byte 0x01, [1])",
  '(byte 0x01, (uint64 2, byte 0x03), int16 4)',
  '@mi nothing',
  '@mi 5',
  '@ms nothing',
  "@ms ''",
  '@mmb just nothing',
  '[@ms nothing, nothing]',
  `['${'long '.repeat(80)}', 'x']`,
  `('${'long '.repeat(14_000)}', 'x')`,
];

let device: Desktop;
before(async () => {
  device = await desktop();
});
after(() => device.close());

const database = () => readFileSync(join(device.home, '.config/dconf/user'));

/** What dconf's own program prints of it, and what we read. */
async function bothWays(texts: readonly string[]) {
  const entries = texts.map((text, index) => [`/org/example/${index % 3}/key-${index}`, text] as const);
  await device.load(keyfileOf(new Map(entries)));
  return { ours: valuesFromDatabase(database()), theirs: valuesFromKeyfile(await device.dump()) };
}

const sorted = (values: ReadonlyMap<string, string> | undefined) => [...(values ?? [])].toSorted();

test('a database is read as dconf prints it, whatever type a value has', async () => {
  const { ours, theirs } = await bothWays(TEXTS);

  assert.equal(ours?.size, TEXTS.length);
  assert.deepEqual(sorted(ours), sorted(theirs));
});

test('numbers and words of any kind are read as dconf prints them', async () => {
  const text = fc.oneof(
    fc.integer().map(String),
    fc
      .double({ noNaN: true, noDefaultInfinity: true })
      .filter((double) => Math.abs(double) > 1e-300)
      .map((double) => `@d ${double}`),
    fc.array(fc.string({ maxLength: 300 }), { minLength: 1 }).map((words) => JSON.stringify(words)),
  );
  const [sample = []] = fc.sample(fc.array(text.filter(isAscii), { minLength: 200, maxLength: 200 }), 1);

  const { ours, theirs } = await bothWays(sample);

  assert.deepEqual(sorted(ours), sorted(theirs));
});

test('a key that was reset is gone', async () => {
  await device.load("[org/example/gone]\nkey='here'\n");
  assert.equal(valuesFromDatabase(database())?.get('/org/example/gone/key'), "'here'");

  await device.system.run('dconf', ['reset', '/org/example/gone/key']);

  assert.equal(valuesFromDatabase(database())?.has('/org/example/gone/key'), false);
});

test('what is no database, or is cut off anywhere, is not read and does no harm', async () => {
  await device.load("[org/example/some]\nkey=['here', 'there']\n");
  const whole = database();
  for (let length = 0; length < Math.min(whole.length, 4_000); length += 1)
    assert.equal(valuesFromDatabase(whole.subarray(0, length)), undefined);
  assert.equal(valuesFromDatabase(Buffer.from(`#!/bin/sh${' '.repeat(99)}`)), undefined);
  const later = Buffer.from(whole);
  later.writeUInt32LE(1, 8);
  assert.equal(valuesFromDatabase(later), undefined);
});

test('damaged bytes are read as something or as nothing, and always at an end', async () => {
  await device.load("[org/example/some]\nkey=[('here', uint64 5)]\n");
  const whole = database().subarray();
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 }),
      (changes) => {
        const damaged = Buffer.from(whole);
        for (const [at, byte] of changes) damaged[at] = byte;
        const values = valuesFromDatabase(damaged);
        assert.ok(values === undefined || values instanceof Map);
      },
    ),
    { numRuns: 500 },
  );
});

test('names that go in a circle are not read', async () => {
  const fresh = await desktop();
  try {
    await fresh.load('[a]\nkey=1\n');
    const bytes = readFileSync(join(fresh.home, '.config/dconf/user'));
    const table = bytes.readUInt32LE(16);
    const items = table + 8 + 4 * ((bytes.readUInt32LE(table) & 0x07ff_ffff) + bytes.readUInt32LE(table + 4));
    const count = (bytes.readUInt32LE(20) - items) / 24;
    for (let item = 0; item < count; item += 1) bytes.writeUInt32LE((item + 1) % count, items + item * 24 + 4);

    assert.equal(valuesFromDatabase(bytes), undefined);
  } finally {
    await fresh.close();
  }
});

function isAscii(text: string): boolean {
  return /^[ -~]*$/.test(text) && !text.includes('\\u');
}
