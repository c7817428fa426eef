/**
 * The numbers of Home: how many devices stand how, restores of the last 30 days, what came newest.
 *
 * Counting 50,000 devices reads all of them, so a count is kept for a few seconds and made once for all who ask at the
 * same time; `asOf` says when.
 */

import { COVERAGE, type Coverage, type Overview, RESTORE_OUTCOMES } from '@carryover/model/admin';
import type { Builds } from '@carryover/model/eligibility';
import { SETUP_OUTCOMES } from '@carryover/model/outcome';
import type { Store } from '../db/command.ts';
import { instantOf, isRestore, type Judge, judgeFor, nameFrom } from './devices.ts';
import {
  countDevices,
  countPeople,
  countRestores,
  countSetups,
  listDeviceNames,
  listNewestBackups,
  listPeopleById,
  listRestoreRows,
  listStandings,
} from './store.ts';

const RESTORE_DAYS = 30;
const NEWEST = 5;
const KEPT_SECONDS = 30;
const MAX_KEPT = 1000;
/** Devices looked at between two breaks for others. */
const LOOKED_AT_ONCE = 1000;

export interface Overviews {
  of(tenantId: string): Promise<Overview>;
}

export function createOverviews(store: Store, builds: Builds, now: () => Temporal.Instant): Overviews {
  const kept = new Map<string, { readonly until: number; readonly overview: Promise<Overview> }>();
  return {
    of(tenantId) {
      const at = now();
      const before = kept.get(tenantId);
      if (before !== undefined && at.epochMilliseconds < before.until) return before.overview;
      if (kept.size >= MAX_KEPT) kept.delete(kept.keys().next().value ?? '');
      const overview = overviewOf(store, tenantId, { builds, now: at });
      kept.set(tenantId, { until: at.add({ seconds: KEPT_SECONDS }).epochMilliseconds, overview });
      // A failure is nobody's answer but theirs who waited for it.
      overview.catch(() => kept.delete(tenantId));
      return overview;
    },
  };
}

export async function overviewOf(
  store: Store,
  tenantId: string,
  { builds, now }: { readonly builds: Builds; readonly now: Temporal.Instant },
): Promise<Overview> {
  const judge = await judgeFor(store, tenantId, { builds, now });
  const monthAgo = now.subtract({ hours: RESTORE_DAYS * 24 }).epochMilliseconds;
  const [kinds, people, outcomes, backups, restores, setups] = await Promise.all([
    countDevices(store, tenantId, judge.since.epochMilliseconds),
    countPeople(store, tenantId),
    countRestores(store, tenantId, monthAgo),
    listNewestBackups(store, tenantId, NEWEST),
    listRestoreRows(store, tenantId, { order: 'desc', top: NEWEST }),
    countSetups(store, tenantId),
  ]);
  const seen = [...backups, ...restores];
  const [names, persons] = await Promise.all([
    listDeviceNames(
      store,
      tenantId,
      seen.map(({ device_id }) => device_id),
    ),
    listPeopleById(
      store,
      tenantId,
      seen.map(({ user_id }) => user_id),
    ),
  ]);
  const whatAndWho = ({ device_id, user_id }: { readonly device_id: string; readonly user_id: string }) => {
    const person = persons.find((one) => one.user_id === user_id);
    return {
      deviceId: device_id,
      deviceName: names.find((one) => one.device_id === device_id)?.name ?? '',
      person: person === undefined ? null : nameFrom(person),
    };
  };

  const coverage = judge.isMixed ? await countOneByOne(store, tenantId, judge) : countByKind(kinds, judge);
  const restored = zeros(RESTORE_OUTCOMES);
  for (const { outcome, count } of outcomes) if (isRestore(outcome)) restored[outcome] += Number(count);
  const setupOutcomes = zeros(SETUP_OUTCOMES);
  for (const { devices, ...row } of setups) {
    const outcome = judge.setupOutcomeOfRow(row);
    if (outcome !== undefined) setupOutcomes[outcome] += devices;
  }

  return {
    asOf: now.toString(),
    people,
    devices: COVERAGE.reduce((sum, state: Coverage) => sum + coverage[state], 0),
    coverage,
    backupIntervalDays: judge.policy.backupIntervalDays,
    restoresLast30Days: restored,
    setupOutcomes,
    newestBackups: backups.map((row) => ({
      ...whatAndWho(row),
      lastBackupDateTime: instantOf(row.last_backup_at ?? 0).toString(),
    })),
    newestRestores: restores.flatMap((row) =>
      isRestore(row.outcome)
        ? [
            {
              ...whatAndWho(row),
              outcome: row.outcome,
              startedDateTime: instantOf(row.started_at).toString(),
              durationMs: row.duration_ms === null ? null : Number(row.duration_ms),
            },
          ]
        : [],
    ),
  };
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}

/** Where all are under one policy: each kind of device is judged once. */
function countByKind(kinds: Awaited<ReturnType<typeof countDevices>>, judge: Judge): Record<Coverage, number> {
  const coverage = zeros(COVERAGE);
  for (const kind of kinds) {
    const [devices, inTime, backedUp] = [kind.devices, kind.in_time, kind.backed_up].map(Number) as [
      number,
      number,
      number,
    ];
    // One rule for list and counts: each share of a kind is judged as a device with such a last backup would be.
    const add = (count: number, lastBackupAt: number | null) => {
      coverage[judge.coverageOfRow({ ...kind, last_backup_at: lastBackupAt })] += count;
    };
    add(inTime, judge.since.epochMilliseconds);
    add(backedUp - inTime, judge.since.epochMilliseconds - 1);
    add(devices - backedUp, null);
  }
  // Those few that told of failures were counted above as if they had not.
  for (const { device_id: deviceId, ...kind } of judge.failures.values()) {
    coverage[judge.coverageOfRow(kind)] -= 1;
    coverage[judge.coverageOfRow({ ...kind, device_id: deviceId })] += 1;
  }
  return coverage;
}

/** Where groups have policies of their own, or devices: every one is looked at, in parts. */
async function countOneByOne(store: Store, tenantId: string, judge: Judge): Promise<Record<Coverage, number>> {
  const coverage = zeros(COVERAGE);
  let after: { name: string; deviceId: string } | undefined;
  for (;;) {
    const rows = await listStandings(store, tenantId, { top: LOOKED_AT_ONCE, after, words: [] });
    for (const row of rows) coverage[judge.coverageOfRow(row)] += 1;
    const last = rows.at(-1);
    if (last === undefined || rows.length < LOOKED_AT_ONCE) return coverage;
    after = { name: last.name, deviceId: last.device_id };
    await new Promise((resolve) => setImmediate(resolve));
  }
}
