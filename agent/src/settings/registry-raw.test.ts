import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataFrom, rawFrom } from './registry-raw.ts';

const text = (value: string) => Buffer.from(value, 'utf16le');

for (const [name, type, bytes, raw] of [
  ['a text', 1, text('Größe 😀\0'), { type: 'REG_SZ', data: 'Größe 😀' }],
  ['an empty text', 1, text('\0'), { type: 'REG_SZ', data: '' }],
  ['a text with half a surrogate pair', 1, text('\ud83d\0'), { type: 'REG_SZ', data: '\ud83d' }],
  ['a text without its end', 1, text('abc'), { type: 'REG_SZ', hex: '610062006300' }],
  ['a text that goes on after its end', 2, text('a\0b\0\0'), { type: 'REG_EXPAND_SZ', data: 'a\0b\0' }],
  ['half a letter', 2, Buffer.from('610', 'latin1'), { type: 'REG_EXPAND_SZ', hex: '363130' }],
  ['a number', 4, Buffer.from('ffffffff', 'hex'), { type: 'REG_DWORD', data: 4294967295 }],
  ['a number of the wrong length', 4, Buffer.from('0102', 'hex'), { type: 'REG_DWORD', hex: '0102' }],
  ['a long number', 11, Buffer.from('ffffffffffffffff', 'hex'), { type: 'REG_QWORD', data: '18446744073709551615' }],
  ['bytes', 3, Buffer.from('00ff', 'hex'), { type: 'REG_BINARY', data: '00ff' }],
  ['no bytes', 3, Buffer.alloc(0), { type: 'REG_BINARY', data: '' }],
  ['nothing', 0, Buffer.alloc(0), { type: 'REG_NONE', data: '' }],
  ['texts', 7, text('de-DE\0en-US\0\0'), { type: 'REG_MULTI_SZ', data: ['de-DE', 'en-US'] }],
  ['no texts', 7, text('\0'), { type: 'REG_MULTI_SZ', data: [] }],
  ['a type of its own', 12345, Buffer.from('01', 'hex'), { type: 12345, hex: '01' }],
] as const)
  test(`${name} travels readably where it can, and gives the same bytes again`, () => {
    const travelling = JSON.parse(JSON.stringify(rawFrom({ type, bytes })));

    assert.deepEqual(travelling, raw);
    const back = dataFrom(travelling);
    assert.equal(back?.type, type);
    assert.deepEqual(Buffer.from(back?.bytes ?? []), Buffer.from(bytes));
  });

test('100 kB of bytes come back', () => {
  const bytes = Buffer.alloc(100_000, 'carryover');

  assert.deepEqual(Buffer.from(dataFrom(JSON.parse(JSON.stringify(rawFrom({ type: 3, bytes }))))?.bytes ?? []), bytes);
});

for (const raw of [
  null,
  'text',
  {},
  { type: 'REG_LINK', data: 'x' },
  { type: 'REG_SZ', data: 5 },
  { type: 'REG_DWORD', data: -1 },
  { type: 'REG_DWORD', data: 4294967296 },
  { type: 'REG_QWORD', data: '18446744073709551616' },
  { type: 'REG_MULTI_SZ', data: ['a', 1] },
  { type: 'REG_BINARY', data: 'xyz' },
  { type: 'REG_BINARY', hex: 'abc' },
  { type: 1.5, hex: '' },
])
  test(`${JSON.stringify(raw)} is no value of the registry`, () => {
    assert.equal(dataFrom(raw), undefined);
  });
