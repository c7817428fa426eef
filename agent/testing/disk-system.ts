/**
 * A System on a real folder, for tests of the flows: files are real, programs are whatever the test says.
 *
 * `beforeWrite` is called before every change on disk, with how many there were: a test stops the process there.
 */

import { constants } from 'node:fs';
import { appendFile, lstat, mkdir, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { FileFacts, RunResult, System } from '../src/system/system.ts';

export interface DiskOptions {
  readonly home: string;
  readonly now?: () => Temporal.Instant;
  readonly run?: (program: string, args: readonly string[]) => RunResult;
  readonly beforeWrite?: (count: number, path: string) => void;
}

export interface DiskSystem extends System {
  /** Paths written, appended to or removed, in order. */
  readonly writes: string[];
  /** Programs started, in order. */
  readonly runs: string[];
}

export function diskSystem({ home, now, run, beforeWrite }: DiskOptions): DiskSystem {
  const writes: string[] = [];
  const runs: string[] = [];
  const changing = (path: string) => {
    beforeWrite?.(writes.length, path);
    writes.push(path);
  };
  return {
    home,
    stateFolder: `${home}/.local/state/carryover`,
    env: {},
    writes,
    runs,
    async run(program, args) {
      runs.push([program, ...args].join(' '));
      return run?.(program, args) ?? { exit: 127, stdout: '', stderr: `no ${program} in this test` };
    },
    async facts(path) {
      const found = await lstat(path, { bigint: true }).catch(absent);
      return found && factsFrom(found);
    },
    async readFile(path) {
      const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(absent);
      if (file === undefined) return undefined;
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    },
    list: async (path) => ((await readdir(path).catch(absent)) ?? []).toSorted(),
    async writeFile(path, content, mode) {
      changing(path);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      const file = await open(`${path}.new`, 'w', mode);
      await file.writeFile(content);
      await file.sync();
      await file.close();
      await rename(`${path}.new`, path);
    },
    async createFile(path, content, mode) {
      changing(path);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      try {
        await writeFile(path, content, { flag: 'wx', mode, flush: true });
        return true;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
        throw error;
      }
    },
    async appendLine(path, line) {
      changing(path);
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await appendFile(path, `${line}\n`, { mode: 0o600, flush: true });
    },
    async removeFile(path) {
      changing(path);
      await rm(path, { force: true });
    },
    now: now ?? (() => Temporal.Instant.from('2026-11-25T10:00:00Z')),
    monotonicMs: () => performance.now(),
  };
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
}

function factsFrom(found: {
  dev: bigint;
  ino: bigint;
  size: bigint;
  mode: bigint;
  mtimeNs: bigint;
  ctimeNs: bigint;
  isFile(): boolean;
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}): FileFacts {
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : found.isSymbolicLink() ? 'link' : 'other';
  return {
    kind,
    bytes: Number(found.size),
    mode: Number(found.mode & 0o777n),
    fingerprint: [found.dev, found.ino, found.size, found.mtimeNs, found.ctimeNs].join(':'),
  };
}
