/**
 * Reads a shortcut of Windows as its specification says, every length and offset followed, so that a wrong one shows.
 *
 * Source: Shell Link Binary File Format (MS-SHLLINK) 2.1 to 2.5.
 */

import assert from 'node:assert/strict';

export interface ReadShellLink {
  /** By the shell's list of items, from the drive on. */
  readonly itemPath: string;
  /** By the path of LinkInfo, which is there in Unicode and in plain letters; undefined where there is none. */
  readonly path: string | undefined;
  readonly description: string;
  readonly workingFolder: string;
  readonly arguments: string;
  readonly showCommand: number;
}

export function readShellLink(bytes: Uint8Array): ReadShellLink {
  const file = Buffer.from(bytes);
  assert.equal(file.readUInt32LE(0), 0x4c, 'the header has its length');
  assert.equal(file.toString('hex', 4, 20), '0114020000000000c000000000000046', 'it is a shortcut');
  const hasInfo = (file.readUInt32LE(20) & 0x02) !== 0;
  assert.equal(file.readUInt32LE(20) & ~0x02, 0xb5, 'items, name, working folder, arguments, Unicode');
  assert.equal(
    file.subarray(66, 76).every((byte) => byte === 0),
    true,
    'what is reserved is zero',
  );

  const listBytes = file.readUInt16LE(76);
  const itemPath = pathOfItems(file.subarray(78, 78 + listBytes));
  const info = file.subarray(78 + listBytes);
  const infoBytes = hasInfo ? info.readUInt32LE(0) : 0;
  let at = 78 + listBytes + infoBytes;
  const next = (): string => {
    const end = at + 2 + file.readUInt16LE(at) * 2;
    const text = file.toString('utf16le', at + 2, end);
    at = end;
    return text;
  };
  const [description, workingFolder, argument] = [next(), next(), next()];
  assert.deepEqual([file.readUInt32LE(at), at + 4], [0, file.length], 'nothing comes after the strings');
  return {
    itemPath,
    path: hasInfo ? pathOfInfo(info.subarray(0, infoBytes)) : undefined,
    description,
    workingFolder,
    arguments: argument,
    showCommand: file.readUInt32LE(60),
  };
}

function pathOfItems(list: Buffer): string {
  const names: string[] = [];
  let at = 0;
  for (let bytes = list.readUInt16LE(at); bytes > 0; bytes = list.readUInt16LE(at)) {
    const item = list.subarray(at, at + bytes);
    at += bytes;
    const kind = item.readUInt8(2);
    if (kind === 0x1f) assert.equal(item.toString('hex', 4), 'e04fd020ea3a6910a2d808002b30309d', 'this PC');
    else if (kind === 0x2f) names.push(item.toString('latin1', 3, 5));
    else names.push(nameOfFile(item, at === list.length - 2));
  }
  assert.equal(at, list.length - 2, 'the list ends where it says');
  return names.join('\\');
}

function nameOfFile(item: Buffer, isLast: boolean): string {
  assert.equal(item.readUInt8(2), isLast ? 0x32 : 0x31);
  assert.equal(item.readUInt16LE(12), isLast ? 0x20 : 0x10);
  const extensionAt = item.readUInt16LE(item.length - 2);
  const extension = item.subarray(extensionAt);
  assert.equal(extension.readUInt16LE(0), extension.length, 'the extension has its length');
  assert.equal(extension.readUInt32LE(4), 0xbeef0004);
  const plain = item.toString('latin1', 14, item.indexOf(0, 14));
  assert.ok(14 + plain.length < extensionAt, 'the short name ends before the long one');
  return extension.toString('utf16le', 20, extension.length - 4);
}

function pathOfInfo(info: Buffer): string {
  const [headerBytes, flags, volumeAt = 0, plainAt = 0, networkAt, suffixAt = 0, wideAt = 0, wideSuffixAt = 0] =
    Array.from({ length: 8 }, (_, index) => info.readUInt32LE(4 + index * 4));
  assert.deepEqual([headerBytes, flags, networkAt], [0x24, 1, 0]);
  assert.equal(volumeAt + info.readUInt32LE(volumeAt), plainAt, 'the path comes after the volume');
  assert.equal(info.readUInt32LE(volumeAt + 4), 3, 'a fixed drive');
  assert.equal(info.readUInt8(suffixAt) + info.readUInt16LE(wideSuffixAt), 0, 'nothing follows the path');
  const wide = info.toString('utf16le', wideAt, wideSuffixAt);
  assert.equal(wide.indexOf('\0'), wide.length - 1);
  assert.equal(info.toString('latin1', plainAt, info.indexOf(0, plainAt)), wide.slice(0, -1));
  return wide.slice(0, -1);
}
