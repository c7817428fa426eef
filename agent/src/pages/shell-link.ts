/**
 * A shortcut of Windows, byte for byte: to a program on a drive of this PC, with arguments. Pure.
 *
 * Written by hand rather than asked of the shell (IShellLink), which takes a COM apartment and a native call for what are
 * 500 bytes, the same every time. The target is there as the shell's own list of items, which is what a click opens, and
 * as a path, for what does not read that list. Such a reader may know only the plain letters of the path: where it has
 * others, there is no path rather than a wrong one.
 *
 * Source: Shell Link Binary File Format (MS-SHLLINK); items of folders and files: as all releases since Windows XP read them.
 */

export interface ShellLink {
  /** Of the program: begins with a drive, separated by backslashes. */
  readonly target: string;
  readonly arguments: string;
  /** Shown when the pointer rests on it. */
  readonly description: string;
}

const CLASS_OF_LINKS = '0114020000000000c000000000000046';
const HEADER_BYTES = 0x4c;

/** HasLinkTargetIDList, HasName, HasWorkingDir, HasArguments, IsUnicode. */
const FLAGS = 0x01 | 0x04 | 0x10 | 0x20 | 0x80;
const HAS_LINK_INFO = 0x02;
const NORMAL_WINDOW = 1;
const [FOLDER, FILE] = [0x10, 0x20];

export function shellLink({ target, arguments: argument, description }: ShellLink): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt32LE(HEADER_BYTES, 0);
  header.write(CLASS_OF_LINKS, 4, 'hex');
  const hasPath = plainName(target) === target;
  header.writeUInt32LE(hasPath ? FLAGS | HAS_LINK_INFO : FLAGS, 20);
  header.writeUInt32LE(FILE, 24);
  header.writeUInt32LE(NORMAL_WINDOW, 60);
  const folder = target.slice(0, target.lastIndexOf('\\')).replace(/^[A-Za-z]:$/, '$&\\');
  const noMore = Buffer.alloc(4);
  return Buffer.concat([
    header,
    itemsOf(target),
    ...(hasPath ? [linkInfo(target)] : []),
    ...[description, folder, argument].map(counted),
    noMore,
  ]);
}

const THIS_PC = '1f50e04fd020ea3a6910a2d808002b30309d';

/** This PC, its drive, each folder, the file; an empty item ends the list. */
function itemsOf(target: string): Buffer {
  const [drive = '', ...names] = target.split('\\');
  const driveItem = Buffer.alloc(23);
  driveItem.write(`\x2f${drive}\\`, 'latin1');
  const files = names.map((name, index) => fileItem(name, index === names.length - 1 ? FILE : FOLDER));
  const items = [Buffer.from(THIS_PC, 'hex'), driveItem, ...files].map((item) =>
    Buffer.concat([uint16(item.length + 2), item]),
  );
  const list = Buffer.concat([...items, uint16(0)]);
  return Buffer.concat([uint16(list.length), list]);
}

const KIND_OF_ITEM: Readonly<Record<number, number>> = { [FOLDER]: 0x31, [FILE]: 0x32 };

/** Size and times are left open: the shell compares them only where the file is gone. */
function fileItem(name: string, attributes: number): Buffer {
  const fixed = Buffer.alloc(12);
  fixed.writeUInt8(KIND_OF_ITEM[attributes] ?? 0, 0);
  fixed.writeUInt16LE(attributes, 10);
  const short = zeroEnded(Buffer.from(plainName(name), 'latin1'), 1);
  const even = short.length % 2 === 0 ? short : Buffer.concat([short, Buffer.alloc(1)]);
  // Where the extension begins, counted from the item's own length.
  return Buffer.concat([fixed, even, nameExtension(name, 2 + fixed.length + even.length)]);
}

const NAME_EXTENSION = 0xbeef0004;
const VERSION_OF_XP = 3;

/** The name with all its letters. */
function nameExtension(name: string, offset: number): Buffer {
  const head = Buffer.alloc(20);
  const wide = zeroEnded(Buffer.from(name, 'utf16le'), 2);
  head.writeUInt16LE(head.length + wide.length + 2, 0);
  head.writeUInt16LE(VERSION_OF_XP, 2);
  head.writeUInt32LE(NAME_EXTENSION, 4);
  head.writeUInt16LE(0x14, 16);
  return Buffer.concat([head, wide, uint16(offset)]);
}

const INFO_HEADER_BYTES = 0x24;
const ON_A_DRIVE = 1;
const FIXED_DRIVE = 3;

/** `target` is of plain letters. */
function linkInfo(target: string): Buffer {
  const volume = Buffer.alloc(0x11);
  volume.writeUInt32LE(volume.length, 0);
  volume.writeUInt32LE(FIXED_DRIVE, 4);
  volume.writeUInt32LE(0x10, 12);
  const path = zeroEnded(Buffer.from(target, 'latin1'), 1);
  const wide = zeroEnded(Buffer.from(target, 'utf16le'), 2);
  const [noSuffix, noWideSuffix] = [Buffer.alloc(1), Buffer.alloc(2)];
  const parts = [volume, path, noSuffix, wide, noWideSuffix];
  const [volumeAt, pathAt, suffixAt, wideAt, wideSuffixAt] = parts.map((_, index) =>
    parts.slice(0, index).reduce((sum, { length }) => sum + length, INFO_HEADER_BYTES),
  );
  const total = parts.reduce((sum, { length }) => sum + length, INFO_HEADER_BYTES);
  const noNetwork = 0;
  const fields = [total, INFO_HEADER_BYTES, ON_A_DRIVE, volumeAt, pathAt, noNetwork, suffixAt, wideAt, wideSuffixAt];
  return Buffer.concat([...fields.map((field = 0) => uint32(field)), ...parts]);
}

/** What programs of the time before Unicode read. */
function plainName(name: string): string {
  return name.replace(/[^\x20-\x7e]/gu, '_');
}

function zeroEnded(text: Buffer, bytes: number): Buffer {
  return Buffer.concat([text, Buffer.alloc(bytes)]);
}

/** The number of its characters, then the text. */
function counted(text: string): Buffer {
  return Buffer.concat([uint16(text.length), Buffer.from(text, 'utf16le')]);
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
