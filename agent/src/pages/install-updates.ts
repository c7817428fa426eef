/** Installing quality updates for the restore page: the rule first, then the updater's door, told step by step. */

import { KnownError } from '@carryover/model/errors';
import type { UpdatesView } from '@carryover/model/local-pages';
import type { System } from '../system/system.ts';
import { type TooOldParts, whatIsTooOld } from '../updates/too-old.ts';
import { systemUpdater } from '../updates/updates.ts';
import { faultFrom } from './fault.ts';

export interface InstallParts extends TooOldParts {
  readonly system: System;
  /** What this PC is may have changed: from now on `device` says what it is then. */
  readDeviceAnew(): Promise<void>;
}

/**
 * Installs what waits; `hear` is told how it goes and, last, how it went. Whether it is worth looking again at once.
 * Errors: a fault of this program, told as well.
 */
export async function installUpdates(parts: InstallParts, hear: (view: UpdatesView) => void): Promise<boolean> {
  const updater = systemUpdater(parts.system);
  try {
    hear({ how: 'looking' });
    // Not too old any more: the next look shows it.
    if ((await whatIsTooOld(parts)) === undefined) return true;
    if (!(await updater.check())) {
      hear({ how: 'none' });
      return false;
    }
    hear({ how: 'installing' });
    const { installed, restartNeeded, opened } = await updater.install();
    const isInUse = installed && !restartNeeded;
    if (isInUse) await parts.readDeviceAnew();
    hear({ how: opened ? 'opened' : restartNeeded ? 'restart' : installed ? 'installed' : 'none' });
    return isInUse;
  } catch (error) {
    hear({ how: 'failed', fault: faultFrom(error, parts.system.now()) });
    if (!(error instanceof KnownError)) throw error;
    return false;
  }
}
