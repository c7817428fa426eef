import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeParts, encodeParts, MAX_HEAD_BYTES, type Part } from './parts.ts';

const anyContents = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 });

function partsOf(contents: readonly Uint8Array[]): Part[] {
  return contents.map((content, index) => ({ kind: 'unit', id: `id-${index}`, bytes: content.length, sha256: 'ab' }));
}

function bodyWith(head: unknown, rest: Uint8Array = new Uint8Array()): Uint8Array {
  const text = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(text.length);
  return Buffer.concat([length, text, rest]);
}

test('what is put together comes apart as it was', () => {
  fc.assert(
    fc.property(anyContents, fc.string(), (contents, word) => {
      const { head, contents: found } = decodeParts<{ word: string }>(
        encodeParts({ word, parts: partsOf(contents) }, contents),
      );

      assert.equal(head.word, word);
      assert.deepEqual(
        found.map((content) => [...content]),
        contents.map((content) => [...content]),
      );
    }),
  );
});

test('a body that lies in the middle of a larger buffer is read from its own start', () => {
  const body = encodeParts({ parts: partsOf([new Uint8Array([7])]) }, [new Uint8Array([7])]);
  const larger = new Uint8Array(body.length + 10);
  larger.set(body, 5);

  assert.deepEqual([...(decodeParts(larger.subarray(5, 5 + body.length)).contents[0] ?? [])], [7]);
});

test('a body cut anywhere is refused', () => {
  fc.assert(
    fc.property(anyContents, fc.nat(), (contents, cut) => {
      const body = encodeParts({ parts: partsOf(contents) }, contents);
      assert.throws(() => decodeParts(body.subarray(0, cut % body.length)), { code: 'invalidRequest' });
    }),
  );
});

test('bytes that no part names are refused', () => {
  assert.throws(() => decodeParts(bodyWith({ parts: [] }, new Uint8Array(1))), { code: 'invalidRequest' });
});

test('a head larger than allowed is refused before it is read', () => {
  const body = Buffer.alloc(8);
  body.writeUInt32BE(MAX_HEAD_BYTES + 1);

  assert.throws(() => decodeParts(body), { code: 'requestTooLarge' });
});

test('random bytes and heads that describe nonsense are refused, never a fault of ours', () => {
  const part = { kind: 'unit', id: 'a', bytes: 0, sha256: 'ab' };
  const bad: unknown[] = [
    null,
    [],
    'text',
    {},
    { parts: {} },
    { parts: [null] },
    { parts: [7] },
    { parts: [{ ...part, bytes: -1 }] },
    { parts: [{ ...part, bytes: 0.5 }] },
    { parts: [{ ...part, bytes: 2 ** 60 }] },
    { parts: [{ ...part, bytes: '0' }] },
    { parts: [{ ...part, kind: 'other' }] },
    { parts: [{ ...part, id: 7 }] },
    { parts: [{ bytes: 0 }] },
  ];
  for (const head of bad)
    assert.throws(() => decodeParts(bodyWith(head)), { code: 'invalidRequest' }, JSON.stringify(head));
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        decodeParts(bytes);
      } catch (error) {
        assert.equal((error as Error).name, 'KnownError');
      }
    }),
  );
});
