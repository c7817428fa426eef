/**
 * A Flatpak repository of a few tiny apps in a folder, made with OSTree and Flatpak themselves and without a network.
 */

import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const RUNTIME = 'org.example.Platform';

export interface RepositoryApp {
  /** Last part of its id: "Notes" is org.example.Notes. */
  readonly name: string;
  readonly branch?: string;
}

export interface RepositoryOptions {
  /** A key in a GnuPG home that everything is signed with. */
  readonly signing?: { readonly key: string; readonly gnupgHome: string };
  /** False: what the apps run on is in another repository. */
  readonly withRuntime?: boolean;
}

/** Makes a repository at `folder`/repo and returns its address. */
export async function flatpakRepository(
  folder: string,
  apps: readonly RepositoryApp[],
  { signing, withRuntime = true }: RepositoryOptions = {},
): Promise<string> {
  await mkdir(folder, { recursive: true });
  const env = { ...process.env, HOME: folder, LC_ALL: 'C.UTF-8', FLATPAK_SYSTEM_DIR: join(folder, 'system') };
  const at = (...parts: string[]) => join(folder, ...parts);
  const program = (name: string, ...args: string[]) => run(name, args, { cwd: folder, env });
  const sign = signing ? [`--gpg-sign=${signing.key}`, `--gpg-homedir=${signing.gnupgHome}`] : [];
  const write = async (content: string, ...parts: string[]) => {
    await mkdir(at(...parts.slice(0, -1)), { recursive: true });
    await writeFile(at(...parts), content);
  };
  const { stdout } = await program('flatpak', '--default-arch');
  const runtime = `${RUNTIME}/${stdout.trim()}/1`;

  await program('ostree', 'init', '--mode=archive-z2', '--repo=repo');
  await write('nothing to run\n', 'runtime', 'files', 'README');
  await write(`[Runtime]\nname=${RUNTIME}\nruntime=${runtime}\nsdk=${runtime}\n`, 'runtime', 'metadata');
  const quick = ['--no-update-summary', '--disable-fsync', ...sign];
  if (withRuntime)
    await program('flatpak', 'build-export', '--runtime', '--files=files', ...quick, 'repo', 'runtime', '1');
  for (const { name, branch = 'stable' } of apps) {
    const [id, built] = [`org.example.${name}`, `${name}-${branch}`];
    // What build-init would write; build-init itself insists on an installed runtime.
    await write(`[Application]\nname=${id}\nruntime=${runtime}\nsdk=${runtime}\n`, built, 'metadata');
    await write('#!/bin/sh\n', built, 'files', 'bin', 'start');
    const desktop = `[Desktop Entry]\nType=Application\nName=${name} (example)\nName[de]=anders\nExec=start\n`;
    await write(desktop, built, 'files', 'share', 'applications', `${id}.desktop`);
    await program('flatpak', 'build-finish', built, '--command=start');
    await program('flatpak', 'build-export', ...quick, 'repo', built, branch);
  }
  await program('flatpak', 'build-update-repo', ...sign, 'repo');
  return `file://${at('repo')}`;
}
