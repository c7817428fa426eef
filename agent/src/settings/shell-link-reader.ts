/**
 * What a shortcut of Windows stands for: the app it starts, by its file and by the id that Windows knows apps by.
 *
 * A shortcut that is not what its specification says gives what could be read of it, never an exception.
 *
 * Pure. Source: Shell Link Binary File Format (MS-SHLLINK) 2.1 to 2.5, Property Store Binary File Format (MS-PROPSTORE),
 * System.AppUserModel.ID.
 */

export interface ShortcutTarget {
  /** With variables of the environment where the shortcut has them: "%ProgramFiles%\\…". */
  readonly target?: string;
  /** The AppUserModelId. */
  readonly appId?: string;
}

const HEADER_BYTES = 0x4c;
const LINK_ID = '0114020000000000c000000000000046';
const [HAS_ITEMS, HAS_INFO, IS_UNICODE] = [0x01, 0x02, 0x80];
/** Name, relative path, working folder, arguments, icon: each there when its flag is. */
const STRINGS = [0x04, 0x08, 0x10, 0x20, 0x40];
const HAS_LOCAL_PATH = 0x01;
const [ENVIRONMENT_BLOCK, PROPERTY_BLOCK] = [0xa0000001, 0xa0000009];
const ENVIRONMENT_WIDE_AT = 268;
const APP_ID_FORMAT = '55284c9f799f394ba8d0e1d42de1d5f3';
const APP_ID_NUMBER = 5;
const TEXT_TYPE = 0x1f;

/** Undefined for what is no shortcut. */
export function shortcutTarget(content: Uint8Array): ShortcutTarget | undefined {
  const file = Buffer.from(content.buffer, content.byteOffset, content.length);
  if (file.length < HEADER_BYTES || file.toString('hex', 4, 20) !== LINK_ID) return undefined;
  const found: { target?: string; appId?: string } = {};
  try {
    const flags = file.readUInt32LE(20);
    let at = HEADER_BYTES;
    if ((flags & HAS_ITEMS) !== 0) at += 2 + file.readUInt16LE(at);
    if ((flags & HAS_INFO) !== 0) {
      const info = file.subarray(at, at + file.readUInt32LE(at));
      const path = pathOf(info);
      if (path !== undefined) found.target = path;
      at += file.readUInt32LE(at);
    }
    const width = (flags & IS_UNICODE) === 0 ? 1 : 2;
    for (const flag of STRINGS) if ((flags & flag) !== 0) at += 2 + file.readUInt16LE(at) * width;
    for (let bytes = file.readUInt32LE(at); bytes >= 8; bytes = file.readUInt32LE(at)) {
      const block = file.subarray(at, at + bytes);
      const kind = block.readUInt32LE(4);
      // The path of the information is where the variables led when it was made.
      if (kind === ENVIRONMENT_BLOCK) found.target = textAt(block, ENVIRONMENT_WIDE_AT) || (found.target ?? '');
      const appId = kind === PROPERTY_BLOCK ? appIdIn(block.subarray(8)) : undefined;
      if (appId !== undefined) found.appId = appId;
      at += bytes;
    }
  } catch (error) {
    // It ends before it says it does: what was read until there counts.
    if (!(error instanceof RangeError)) throw error;
  }
  return found;
}

/** The path in Unicode where it is there, else in plain letters. */
function pathOf(info: Buffer): string | undefined {
  const headerBytes = info.readUInt32LE(4);
  if ((info.readUInt32LE(8) & HAS_LOCAL_PATH) === 0) return undefined;
  if (headerBytes >= 0x24) return textAt(info, info.readUInt32LE(0x1c));
  const start = info.readUInt32LE(0x10);
  const end = info.indexOf(0, start);
  return info.toString('latin1', start, end < 0 ? info.length : end);
}

/** Storages of properties, one after the other, each of one format. */
function appIdIn(store: Buffer): string | undefined {
  for (let at = 0, bytes = store.readUInt32LE(0); bytes >= 24; bytes = store.readUInt32LE(at)) {
    const storage = store.subarray(at, at + bytes);
    if (storage.toString('hex', 8, 24) === APP_ID_FORMAT) return appIdOf(storage);
    at += bytes;
  }
  return undefined;
}

function appIdOf(storage: Buffer): string | undefined {
  for (let at = 24, bytes = storage.readUInt32LE(at); bytes >= 13; bytes = storage.readUInt32LE(at)) {
    const value = storage.subarray(at, at + bytes);
    if (value.readUInt32LE(4) === APP_ID_NUMBER && value.readUInt16LE(9) === TEXT_TYPE) return textAt(value, 17);
    at += bytes;
  }
  return undefined;
}

/** Up to its zero. */
function textAt(bytes: Buffer, start: number): string {
  return bytes.toString('utf16le', start).split('\0', 1)[0] ?? '';
}
