import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tcpOwner } from './tcp-table.ts';

const ACCEPTED = { remoteAddress: '127.0.0.1', remotePort: 40_000, localAddress: '127.0.0.1', localPort: 8080 };
const [THEIRS, OURS] = ['127.0.0.1:40000', '127.0.0.1:8080'];

interface Row {
  readonly from: string;
  readonly to: string;
  readonly owner: number;
  readonly state?: number;
}

function aTable(...rows: readonly Row[]): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt32LE(rows.length);
  return Buffer.concat([head, ...rows.map(rowOf)]);
}

function rowOf({ from, to, owner, state = 5 }: Row): Buffer {
  const row = Buffer.alloc(24);
  row.writeUInt32LE(state, 0);
  for (const [at, text] of [
    [4, from],
    [12, to],
  ] as const) {
    const { hostname, port } = new URL(`tcp://${text}`);
    row.set(hostname.split('.').map(Number), at);
    row.writeUInt16BE(Number(port), at + 4);
  }
  row.writeUInt32LE(owner, 20);
  return row;
}

test('the owner is that of the end that opened the connection, not of ours', () => {
  const table = aTable({ from: OURS, to: THEIRS, owner: 12 }, { from: THEIRS, to: OURS, owner: 340 });

  assert.equal(tcpOwner(table, ACCEPTED), 340);
});

test('another connection of the same port, or one from another address, says nothing', () => {
  const table = aTable(
    { from: THEIRS, to: '127.0.0.1:8081', owner: 340 },
    { from: '127.0.0.2:40000', to: OURS, owner: 340 },
  );

  assert.equal(tcpOwner(table, ACCEPTED), undefined);
});

for (const [words, row] of [
  ['is ending', { owner: 340, state: 11 }],
  ['is named as of nobody', { owner: 0 }],
  ["is named as the system's", { owner: 4 }],
] as const)
  test(`a connection that ${words} belongs to nobody`, () => {
    assert.equal(tcpOwner(aTable({ from: THEIRS, to: OURS, ...row }), ACCEPTED), undefined);
  });

test('a table that is cut short, and a connection without its places, name nobody', () => {
  const table = aTable({ from: THEIRS, to: OURS, owner: 340 });

  assert.equal(tcpOwner(table.subarray(0, 20), ACCEPTED), undefined);
  assert.equal(tcpOwner(Buffer.alloc(0), ACCEPTED), undefined);
  assert.equal(tcpOwner(table, { ...ACCEPTED, remoteAddress: undefined }), undefined);
});
