/**
 * The way to functions of Windows' own libraries: koffi, loaded only on Windows and only when somebody asks.
 *
 * Beside the program when it is installed as a folder; carried inside the single-file program, which is put into
 * Carryover's own folder once, because Windows loads libraries from files only; else the package.
 *
 * Source: Node's documentation of single executable applications (node:sea, process.dlopen).
 */

import { createHash } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';

/** A function of a library. What it is given and gives is said by its prototype, not by TypeScript. */
export type LibraryFunction = (...args: readonly unknown[]) => unknown;

export interface Library {
  /** `prototype` in C, with koffi's _Out_ and _Inout_. */
  func(prototype: string): LibraryFunction;
}

export interface Koffi {
  load(library: string): Library;
}

const ADDON = 'koffi.node';

/** `ownFolder`: where the single-file program may put the library. Errors: missingPart when it cannot be loaded. */
export async function loadKoffi(ownFolder: string): Promise<Koffi> {
  try {
    return (await besideProgram()) ?? (await insideProgram(ownFolder)) ?? (await fromPackage());
  } catch (cause) {
    throw new KnownError('missingPart', `${ADDON} could not be loaded. Install Carryover again.`, { cause });
  }
}

async function besideProgram(): Promise<Koffi | undefined> {
  const { existsSync } = await import('node:fs');
  const { dirname, join } = await import('node:path');
  const file = join(dirname(process.execPath), ADDON);
  return existsSync(file) ? addonAt(file) : undefined;
}

async function insideProgram(ownFolder: string): Promise<Koffi | undefined> {
  const { isSea, getRawAsset } = await import('node:sea');
  if (!isSea()) return undefined;
  const content = new Uint8Array(getRawAsset(ADDON));
  const digest = createHash('sha256').update(content).digest('hex').slice(0, 16);
  const folder = `${ownFolder}/native`;
  const file = `${folder}/koffi-${digest}.node`;
  const { readFile } = await import('node:fs/promises');
  const there = await readFile(file).catch(() => undefined);
  if (there === undefined || !there.equals(content)) {
    const { writeOwn } = await import('./own-files.ts');
    await writeOwn({ home: folder, stateFolder: folder }, file, content);
  }
  return addonAt(file);
}

function addonAt(file: string): Koffi {
  const addon: { exports: unknown } = { exports: {} };
  process.dlopen(addon, file);
  return addon.exports as Koffi;
}

async function fromPackage(): Promise<Koffi> {
  const { default: koffi } = await import('koffi');
  return koffi as unknown as Koffi;
}
