/**
 * The door to the system's updater: whether quality updates wait, and installing them.
 *
 * On Linux by PackageKit's own program, which asks the person or an administrator where the system wants that. Only
 * what the system's sources offer for this release comes; another release is never installed. Nothing is restarted.
 * On Windows installing asks an administrator: its own updater is opened, and the person goes on there.
 *
 * Source: pkcon(1), its exit codes; Debian's /run/reboot-required; Microsoft's list of ms-settings addresses
 * (windowsupdate-action looks for updates); product.md R8.
 */

import { KnownError } from '@carryover/model/errors';
import type { RunResult, System } from '../system/system.ts';
import { systemProgram } from '../system/windows-names.ts';

export interface Updater {
  /** Whether installing only opens the system's own updater, which then looks, asks and installs by itself. */
  readonly opens: boolean;
  /** Whether updates wait, by the lists as they are now. Errors: as install. */
  check(): Promise<boolean>;
  /** Installs what waits. Errors: missingPart without an updater; updateFailed with the updater's last word. */
  install(): Promise<Installed>;
}

export interface Installed {
  /** False when nothing waited. */
  readonly installed: boolean;
  /** What was installed is in use only after a restart. */
  readonly restartNeeded: boolean;
  /** The system's own updater is open, and the person goes on there. */
  readonly opened?: true;
}

/** Downloads of a release that was left alone for a year take their time. */
const TIMEOUT_MS = 2 * 60 * 60 * 1000;

const NOTHING_TO_DO = 5;
const RESTART_FILE = '/run/reboot-required';

export function systemUpdater(system: System): Updater {
  return system.registry === undefined ? byPackageKit(system) : byWindowsUpdate(system);
}

const WINDOWS_UPDATE = 'ms-settings:windowsupdate-action';

/** Only Windows itself knows what waits: there is always something to open. */
function byWindowsUpdate(system: System): Updater {
  return {
    opens: true,
    check: async () => true,
    async install() {
      const { exit } = await system.run(systemProgram(system, 'rundll32.exe'), [
        'url.dll,FileProtocolHandler',
        WINDOWS_UPDATE,
      ]);
      if (exit === 0) return { installed: false, restartNeeded: false, opened: true };
      throw new KnownError(
        'updateFailed',
        `Windows Update could not be opened (${exit}). Open it: Settings > Windows Update. Or ask your IT.`,
      );
    },
  };
}

function byPackageKit(system: System): Updater {
  async function packageKit(...args: readonly string[]): Promise<RunResult> {
    // Its words are read, so they are asked for in the language they are read in.
    const options = { env: { LC_ALL: 'C.UTF-8' }, timeoutMs: TIMEOUT_MS };
    const result = await system.run('pkcon', ['--plain', '--noninteractive', ...args], options);
    if (result.exit === 0 || result.exit === NOTHING_TO_DO) return result;
    const said = `${result.stdout}\n${result.stderr}`.split('\n').findLast((line) => line.trim() !== '');
    throw new KnownError(
      'updateFailed',
      `The updates could not be installed: ${said?.trim() ?? `pkcon ended with ${result.exit}`}. Use the updates of the system itself, or ask your IT.`,
    );
  }

  return {
    opens: false,
    async check() {
      await packageKit('refresh');
      return (await packageKit('get-updates')).exit === 0;
    },
    async install() {
      const { exit, stdout, stderr } = await packageKit('update');
      const saidSo = /restart (the|your) computer/i.test(`${stdout}\n${stderr}`);
      const restartNeeded = saidSo || (await system.facts(RESTART_FILE)) !== undefined;
      return { installed: exit === 0, restartNeeded };
    },
  };
}
