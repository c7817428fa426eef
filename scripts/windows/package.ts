/**
 * Makes the agent for Windows: carryover.exe, and carryoverw.exe that starts without a console window.
 *
 * Both are Node itself with the agent's bundle, the catalog, the built pages and koffi inside (node:sea). Made on Linux by
 * the same version of Node. The same sources give the same bytes.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundled } from '../bundle.ts';
import { withoutSignature, withSubsystem } from './portable-executable.ts';

const ROOT = join(import.meta.dirname, '..', '..');

export interface WindowsParts {
  /** node.exe of the version that runs this. */
  readonly node: string;
  /** koffi.node for Windows. */
  readonly koffi: string;
}

export interface WindowsPrograms {
  /** For a console. */
  readonly program: string;
  /** For the schedule and the menu: no window flashes. */
  readonly windowless: string;
  /** What both hold, for plain Node. */
  readonly bundle: string;
}

/** Writes into `folder`. The pages must be built. Errors: Error with what Node said. */
export async function packageForWindows(folder: string, { node, koffi }: WindowsParts): Promise<WindowsPrograms> {
  await mkdir(folder, { recursive: true });
  const at = (name: string) => join(folder, name);
  await writeFile(at('carryover.cjs'), (await bundled('agent/src/program.ts')).text);
  await writeFile(at('node.exe'), withoutSignature(await readFile(node)));
  const config = {
    // Relative: the program holds the name of what it was made of.
    main: 'carryover.cjs',
    executable: 'node.exe',
    output: 'carryover.exe',
    disableExperimentalSEAWarning: true,
    // Made by another system's Node, code of the cache would be refused with a warning at every start.
    useCodeCache: false,
    assets: { 'koffi.node': koffi, 'catalog.json': join(ROOT, 'catalog', 'catalog.json'), ...pages() },
  };
  await writeFile(at('sea.json'), JSON.stringify(config, null, 2));
  await run(process.execPath, ['--build-sea', 'sea.json'], folder);
  await writeFile(at('carryoverw.exe'), withSubsystem(await readFile(at('carryover.exe')), 'windows'));
  return { program: at('carryover.exe'), windowless: at('carryoverw.exe'), bundle: at('carryover.cjs') };
}

/** What a device serves; the admin center stays with the service. */
function pages(): Record<string, string> {
  const dist = join(ROOT, 'web', 'dist');
  const names = globSync(['{restore,settings}.html', 'pages.json', 'assets/*'], { cwd: dist })
    .filter((name) => !/\.(br|gz)$/.test(name))
    .toSorted();
  return Object.fromEntries(names.map((name) => [`pages/${name}`, join(dist, name)]));
}

async function run(program: string, args: readonly string[], folder: string): Promise<void> {
  const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error(`${program} ${args.join(' ')}: exit ${code}\n${(await said).join('')}`);
}
