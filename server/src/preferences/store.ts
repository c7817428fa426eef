/** What a person switched by hand on a device: its rows. */

import type { Preferences } from '@carryover/model/preferences';
import { command, run } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';

/** Replaces the switches of one device as a whole. */
export const replacePreferences = command(
  'replacePreferences',
  function* (owner: Owner, deviceId: string, preferences: Preferences, now: number) {
    yield* run((db) =>
      db
        .deleteFrom('preferences')
        .where('user_id', '=', owner.userId)
        .where('tenant_id', '=', owner.tenantId)
        .where('device_id', '=', deviceId),
    );
    for (const [toggle, state] of Object.entries(preferences))
      yield* run((db) =>
        db.insertInto('preferences').values({
          user_id: owner.userId,
          device_id: deviceId,
          toggle,
          tenant_id: owner.tenantId,
          state,
          modified_at: now,
        }),
      );
  },
);
