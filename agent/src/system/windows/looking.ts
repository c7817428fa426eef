/**
 * Looking at files on Windows: without following a link or junction in the last part of a path.
 *
 * Windows has neither modes nor numbers of users; a file counts as the person's own, readable by them alone, which is
 * what access lists of a profile say.
 */

import { closeSync, fstatSync, lstatSync, openSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import type { FileFacts } from '../system.ts';

const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;
const NOBODY_IN_PARTICULAR = 0;

export function factsOf(path: string): FileFacts | undefined {
  const stat = orAbsent(() => lstatSync(path, { bigint: true }));
  if (stat === undefined) return undefined;
  return {
    kind: stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'link' : 'other',
    bytes: Number(stat.size),
    mode: stat.isDirectory() ? FOLDER_MODE : FILE_MODE,
    owner: NOBODY_IN_PARTICULAR,
    fingerprint: [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join('-'),
  };
}

/** Undefined when there is no such file. Errors: ELOOP for a link, EINVAL for what is no file, else the system's own. */
export function readFile(path: string): Uint8Array | undefined {
  const before = orAbsent(() => lstatSync(path, { bigint: true }));
  if (before === undefined) return undefined;
  if (before.isSymbolicLink()) throw refused(path, 'ELOOP', 'is a link');
  if (!before.isFile()) throw refused(path, 'EINVAL', 'is not a regular file');
  const file = orAbsent(() => openSync(path, 'r'));
  if (file === undefined) return undefined;
  try {
    // What was looked at may have been replaced by a link before it was opened.
    const { dev, ino } = fstatSync(file, { bigint: true });
    const after = orAbsent(() => lstatSync(path, { bigint: true }));
    if (after !== undefined && (after.isSymbolicLink() || after.ino !== ino || after.dev !== dev))
      throw refused(path, 'ELOOP', 'was replaced while it was read');
    return readFileSync(file);
  } finally {
    closeSync(file);
  }
}

export function realPath(path: string): string | undefined {
  return orAbsent(() => realpathSync(path))?.replaceAll('\\', '/');
}

export function list(path: string): string[] {
  return (orAbsent(() => readdirSync(path)) ?? []).toSorted();
}

function refused(path: string, code: string, why: string): Error {
  return Object.assign(new Error(`${path} ${why}.`), { code });
}

function orAbsent<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
