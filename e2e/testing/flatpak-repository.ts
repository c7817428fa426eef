/**
 * A small Flatpak repository made on the spot: a runtime that is only busybox, and a few apps that each print a line.
 *
 * No network, no SDK, no flatpak-builder; the apps install and run like any other. Made once per process (about a second)
 * and removed when the process ends. It is read over file://, or over HTTP on loopback as from a real remote.
 */

import { execFile } from 'node:child_process';
import { createReadStream, rmSync } from 'node:fs';
import { copyFile, cp, mkdir, mkdtemp, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';

export interface FlatpakApp {
  readonly id: string;
  readonly name: string;
  readonly version: string;
}

export interface FlatpakRepository {
  readonly folder: string;
  /** The repository as a remote's address on the same machine. */
  readonly url: string;
  readonly apps: readonly FlatpakApp[];
}

export interface ServedRepository {
  readonly url: string;
  close(): Promise<void>;
}

const RUNTIME = 'org.example.Platform';
const RUNTIME_VERSION = '1';
const BRANCH = 'stable';

/** Applets of busybox that the apps' scripts call. */
const APPLETS = ['sh', 'ls', 'cat', 'echo', 'id', 'env', 'sleep', 'true', 'uname', 'grep', 'printf'];

export const FLATPAK_APPS: readonly FlatpakApp[] = ['Notes', 'Drawing', 'Music', 'Maps', 'Clocks'].map(
  (name, index) => ({
    id: `org.example.${name}`,
    name,
    version: `1.${index + 1}`,
  }),
);

let made: Promise<FlatpakRepository> | undefined;

/** The repository of this process. Errors: Error with the words of ostree or flatpak. */
export function flatpakRepository(): Promise<FlatpakRepository> {
  made ??= make();
  return made;
}

/** Serves the repository over HTTP on a free loopback port. */
export async function serveRepository(repository: FlatpakRepository): Promise<ServedRepository> {
  const server = createServer(async (request, response) => {
    const path = join(
      repository.folder,
      normalize(decodeURIComponent(new URL(request.url ?? '/', 'http://x').pathname)),
    );
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-length': found.size });
    createReadStream(path).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function make(): Promise<FlatpakRepository> {
  const work = await mkdtemp(join(tmpdir(), 'carryover-flatpak-'));
  process.once('exit', () => rmSync(work, { recursive: true, force: true }));
  const folder = join(work, 'repository');
  // Flatpak keeps caches under HOME; the tester's own is not touched.
  const run = (command: string, ...args: string[]) =>
    promisify(execFile)(command, args, { cwd: work, env: { ...process.env, HOME: work, LC_ALL: 'C.UTF-8' } });

  await run('ostree', 'init', '--mode=archive-z2', `--repo=${folder}`);
  // Flatpak refuses a write that leaves less than 500 MB free, which small test machines do not have to spare.
  await run('ostree', 'config', `--repo=${folder}`, 'set', 'core.min-free-space-size', '1MB');
  await writeRuntime(join(work, 'runtime'));
  await run('flatpak', 'build-export', '--runtime', ...QUICK, folder, join(work, 'runtime'), RUNTIME_VERSION);
  for (const app of FLATPAK_APPS) {
    const build = join(work, app.name);
    await writeApp(build, app);
    await run('flatpak', 'build-finish', build, `--command=${app.name.toLowerCase()}`);
    await run('flatpak', 'build-export', ...QUICK, folder, build, BRANCH);
  }
  await run('flatpak', 'build-update-repo', '--title=Example', `--default-branch=${BRANCH}`, folder);
  return { folder, url: `file://${folder}`, apps: FLATPAK_APPS };
}

/** The summary is written once at the end, and a repository of minutes need not survive a power cut. */
const QUICK = ['--no-update-summary', '--disable-fsync'];

/** Flatpak's names of this machine's architecture. */
function architecture(): string {
  return process.arch === 'arm64' ? 'aarch64' : 'x86_64';
}

/** build-export takes a runtime from usr/ and what an installed one has from files/: here both are the same. */
async function writeRuntime(folder: string): Promise<void> {
  const programs = join(folder, 'usr', 'bin');
  for (const name of ['bin', 'sbin', 'lib', 'etc', 'share'])
    await mkdir(join(folder, 'usr', name), { recursive: true });
  await copyFile('/bin/busybox', join(programs, 'busybox'));
  for (const applet of APPLETS) await symlink('busybox', join(programs, applet));
  await cp(join(folder, 'usr'), join(folder, 'files'), { recursive: true, verbatimSymlinks: true });
  await writeFile(join(folder, 'metadata'), metadata('Runtime', RUNTIME));
}

/** `flatpak build-init` would insist that the runtime is installed, so the folder is laid out by hand. */
async function writeApp(folder: string, { id, name, version }: FlatpakApp): Promise<void> {
  const command = name.toLowerCase();
  const component = `<component type="desktop-application"><id>${id}</id><metadata_license>CC0-1.0</metadata_license>
<name>${name}</name><summary>${name} for tests</summary><description><p>Prints one line.</p></description>
<launchable type="desktop-id">${id}.desktop</launchable>
<releases><release version="${version}" date="2026-01-01"/></releases></component>`;
  const desktopEntry = `[Desktop Entry]
Type=Application
Name=${name}
Exec=${command}
Icon=${id}
Categories=Utility;
MimeType=text/x-${command};
`;
  const icon = '<svg xmlns="http://www.w3.org/2000/svg" width="64" height="64"><circle cx="32" cy="32" r="30"/></svg>';
  const files: Readonly<Record<string, string | Uint8Array>> = {
    metadata: metadata('Application', id),
    [`files/bin/${command}`]: `#!/bin/sh\necho "${name} ${version}"\n`,
    [`files/share/applications/${id}.desktop`]: desktopEntry,
    [`files/share/icons/hicolor/scalable/apps/${id}.svg`]: icon,
    [`files/share/metainfo/${id}.metainfo.xml`]: `<?xml version="1.0" encoding="UTF-8"?>\n${component}\n`,
    // Without this `flatpak list` knows no version.
    [`files/share/app-info/xmls/${id}.xml.gz`]: gzipSync(
      `<?xml version="1.0" encoding="UTF-8"?>\n<components version="0.8" origin="flatpak">${component}</components>\n`,
    ),
  };
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content, { mode: path.startsWith('files/bin/') ? 0o755 : 0o644 });
  }
  await mkdir(join(folder, 'files', 'share', 'app-info', 'icons', 'flatpak'), { recursive: true });
  await mkdir(join(folder, 'var'));
}

function metadata(kind: 'Runtime' | 'Application', id: string): string {
  const runtime = `${RUNTIME}/${architecture()}/${RUNTIME_VERSION}`;
  return `[${kind}]\nname=${id}\nruntime=${runtime}\nsdk=${runtime}\n`;
}
