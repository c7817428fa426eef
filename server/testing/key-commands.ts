/** What an attacker with write access to the key store could do. */

import { type AnyCommand, command, stepsOn } from '../src/db/command.ts';
import type { KeySchema } from '../src/db/schema.ts';

const { run } = stepsOn<KeySchema>();

export const moveKey = command('moveKey', function* (fromOwner: string, toOwner: string) {
  yield* run((db) => db.updateTable('keys').set({ owner_id: toOwner }).where('owner_id', '=', fromOwner));
});

export const COMMANDS: readonly AnyCommand[] = [moveKey];
