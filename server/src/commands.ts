/**
 * Every command of the service: the table that the writer thread loads.
 *
 * A command that is not here cannot run on SQLite; commands.test.ts compares the table with the stores.
 */

import type { AnyCommand } from './db/command.ts';
import { addProfile, hideAllProfiles, hideProfile } from './profiles/store.ts';
import { addRestore, saveReport } from './restores/store.ts';
import { markChecked } from './snapshots/checked.ts';
import { commitSnapshot } from './snapshots/store.ts';

export const COMMANDS: readonly AnyCommand[] = [
  addProfile,
  hideProfile,
  hideAllProfiles,
  commitSnapshot,
  markChecked,
  addRestore,
  saveReport,
];
