/**
 * Every command of the service: the table that the writer thread loads.
 *
 * A command that is not here cannot run on SQLite; commands.test.ts compares the table with the stores.
 */

import type { AnyCommand } from './db/command.ts';

export const COMMANDS: readonly AnyCommand[] = [];
