/** A System on a real temporary home, with just what these tests need. */

import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { System } from '../src/system/system.ts';

export async function diskSystem(env: Record<string, string> = {}): Promise<System & AsyncDisposable> {
  const root = await mkdtemp(join(tmpdir(), 'carryover-home-'));
  const home = join(root, 'home');
  await mkdir(home);
  const absent = (error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  };
  const ownEnv = { ...process.env, HOME: home, LC_ALL: 'C.UTF-8', ...env };
  return {
    home,
    stateFolder: `${home}/.local/state/carryover`,
    env: ownEnv,
    run: (program, args, options) =>
      new Promise((resolve, reject) => {
        const child = execFile(
          program,
          [...args],
          { env: { ...ownEnv, ...options?.env } as NodeJS.ProcessEnv },
          (error, stdout, stderr) => {
            if (error && typeof error.code !== 'number') reject(error);
            else resolve({ exit: (error?.code as number | undefined) ?? 0, stdout, stderr });
          },
        );
        child.stdin?.end(options?.stdin ?? '');
      }),
    async facts(path) {
      const stat = await lstat(path, { bigint: true }).catch(absent);
      if (stat === undefined) return undefined;
      const kind = stat.isFile() ? 'file' : stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'link' : 'other';
      return {
        kind,
        bytes: Number(stat.size),
        mode: Number(stat.mode),
        fingerprint: [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(),
      };
    },
    async readFile(path) {
      const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(absent);
      if (handle === undefined) return undefined;
      try {
        return await handle.readFile();
      } finally {
        await handle.close();
      }
    },
    list: async (path) => ((await readdir(path).catch(absent)) ?? []).toSorted(),
    async writeFile(path, content, mode) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 });
      await writeFile(`${path}.new`, content);
      await chmod(`${path}.new`, mode);
      await rename(`${path}.new`, path);
    },
    appendLine: () => Promise.reject(new Error('not needed here')),
    removeFile: (path) => rm(path, { force: true }),
    now: () => Temporal.Now.instant(),
    monotonicMs: () => performance.now(),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}
