/** What a device says of itself whenever it calls: one statement, nearly always on one row that stays as it is. */

import type { DeviceFacts } from '@carryover/model/device';
import type { FailedRuns } from '@carryover/model/wire';
import { command, rowsOfEach, run } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';
import type { Owner } from '../db/schema.ts';
import { profileHead } from '../profiles/profiles.ts';
import { standingQueries } from '../standing/rows.ts';
import { systemOf } from './facts-row.ts';

/** Which device says what of itself. */
export interface NotedDevice {
  readonly deviceId: string;
  readonly profileId: string;
  readonly facts: DeviceFacts;
  /** Backups that failed since the last one that did not. */
  readonly failedRuns?: FailedRuns;
  /** What stands on the device itself, see policies/local-policy.ts. */
  readonly localPolicy: string;
}

/**
 * What a device says of itself now. Gives the rows of the answer along, read where they are at hand: on SQLite every
 * commit makes a reader look its pages up anew.
 *
 * Undefined when the device is set aside, or was enrolled on another PC than this.
 */
export const noteCheckIn = command(
  'noteCheckIn',
  function* (
    { tenantId, userId }: Owner,
    { deviceId, profileId, facts, failedRuns, localPolicy }: NotedDevice,
    now: number,
  ) {
    const owner = { tenantId, userId };
    const at = { ...facts, ...systemOf(facts), tenantId, deviceId, now, localPolicy, ...failureOf(failedRuns, now) };
    const { changed } = failedRuns === undefined ? yield* run(checkedIn(at)) : { changed: 0 };
    if (changed !== 1) {
      const { changed: otherwise } = yield* run(checkedInOtherwise(at));
      if (otherwise !== 1) return undefined;
    }
    const [ofDevice, ofPerson] = standingQueries(owner, deviceId);
    const [[device], switches, [profile]] = yield* rowsOfEach([
      ofDevice,
      ofPerson,
      profileHead({ ...owner, profileId }),
    ]);
    return { device, switches, profile };
  },
);

/** Null stands for no failure: a filled-in statement has a place for it either way. */
function failureOf(failed: FailedRuns | undefined, now: number) {
  return { failedAt: failed === undefined ? null : now, failures: failed?.count ?? 0, failureCode: failed?.code ?? '' };
}

interface CheckedIn extends Omit<DeviceFacts, 'edition'>, ReturnType<typeof systemOf>, ReturnType<typeof failureOf> {
  readonly tenantId: string;
  readonly deviceId: string;
  readonly localPolicy: string;
  readonly now: number;
}

/** Nearly always: a device that is called and has what it had before. */
const checkedIn = prepared((db, at: CheckedIn) =>
  db
    .updateTable('devices')
    // What is looked for below stands in indexes, which would be written anew.
    .set({ agent_version: at.agentVersion, last_check_in_at: at.now })
    .where('tenant_id', '=', at.tenantId)
    .where('device_id', '=', at.deviceId)
    .where('machine_hash', '=', at.machineHash)
    .where('name', '=', at.name)
    .where('platform', '=', at.platform)
    .where('build', '=', at.build)
    .where('os_name', '=', at.osName)
    .where('edition', '=', at.edition)
    .where('os_domain', '=', at.os_domain)
    .where('os_entra', '=', at.os_entra)
    .where('local_policy', '=', at.localPolicy)
    .where('failed_at', 'is', null)
    .where('state', '=', 'active'),
);

const checkedInOtherwise = prepared((db, at: CheckedIn) =>
  db
    .updateTable('devices')
    .set({
      name: at.name,
      platform: at.platform,
      build: at.build,
      os_name: at.osName,
      edition: at.edition,
      os_domain: at.os_domain,
      os_entra: at.os_entra,
      agent_version: at.agentVersion,
      last_check_in_at: at.now,
      local_policy: at.localPolicy,
      failed_at: at.failedAt,
      failed_runs: at.failures,
      failure_code: at.failureCode,
    })
    .where('tenant_id', '=', at.tenantId)
    .where('device_id', '=', at.deviceId)
    .where('machine_hash', '=', at.machineHash)
    .where('state', '=', 'active'),
);
