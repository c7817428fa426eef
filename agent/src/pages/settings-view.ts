/** What the settings page shows, from what is kept on this device and what is going on. Pure. */

import { settingOf, titleOf } from '@carryover/model/catalog';
import type { DeviceFacts } from '@carryover/model/device';
import type { BackupView, CategorySwitch, HistoryLine, LeftOut, LocalFault } from '@carryover/model/local-pages';
import { categoryStates, type Preferences } from '@carryover/model/preferences';
import type { Language, Reason } from '@carryover/model/reasons';
import { kindOf, PART_KINDS, type PartKind } from '@carryover/model/report';
import type { Due } from '@carryover/model/schedule';
import type { Catalog } from '@carryover/model/setting';
import type { BackupReport } from '../capture/capture.ts';
import type { HistoryEntry } from '../history/history.ts';
import { type KnownHere, lastBackupOf, nextBackupOf, outOfContact, waitsFor } from '../state/standing.ts';
import type { AcknowledgedState, ServiceState } from '../state/state.ts';

export interface BackupFacts {
  readonly known: KnownHere;
  /** What the schedule says now. */
  readonly due: Due;
  readonly catalog: Catalog;
  readonly switches: readonly CategorySwitch[];
  readonly running: BackupView['running'] | undefined;
  readonly result: BackupReport | undefined;
  /** Of the last backup asked for on this page. */
  readonly fault: LocalFault | undefined;
  readonly language: Language;
}

export function backupView({
  known,
  due,
  catalog,
  switches,
  running,
  result,
  fault,
  language,
}: BackupFacts): BackupView {
  const { service, acknowledged } = known;
  const [last, next] = [lastBackupOf(known), nextBackupOf(known)];
  const lastFault = fault ?? (result === undefined ? earlierFault(known) : undefined);
  const obstacles = obstaclesOf(known, switches);
  const waits = obstacles.length > 0 || due.held === 'notAllowed' ? [] : waitsFor(known, due);
  const policyName = service?.checkIn.policy.origins['backupEnabled']?.policy;
  return {
    obstacles,
    ...(waits.length === 0 ? {} : { waits }),
    ...(last === undefined
      ? {}
      : {
          last: {
            at: last.toString(),
            settingCount: acknowledged?.settingCount ?? 0,
            appCount: acknowledged?.appCount ?? 0,
            kinds: result?.kinds === undefined ? kindsOf(acknowledged, catalog) : besideSettings(result.kinds),
          },
        }),
    ...(next === undefined ? {} : { nextAt: next.toString() }),
    ...(lastFault === undefined ? {} : { lastFault }),
    ...(running === undefined ? {} : { running }),
    ...(result === undefined ? {} : { result: resultOf(result, catalog, language) }),
    ...(policyName === undefined ? {} : { policyName }),
  };
}

function obstaclesOf(known: KnownHere, switches: readonly CategorySwitch[]): Reason[] {
  const { service } = known;
  const stale = outOfContact(known);
  const said = [...(service?.checkIn.eligibility.backup ?? []), ...(stale === undefined ? [] : [stale])];
  const nothing = service !== undefined && said.length === 0 && switches.every(({ on }) => !on);
  return nothing ? [{ code: 'nothingRemembered' }] : said;
}

/** Of a run that nobody watched. */
function earlierFault({ attempts }: KnownHere): LocalFault | undefined {
  const { failures, lastError, lastFailureAt } = attempts ?? { failures: 0 };
  if (failures === 0 || lastError === undefined || lastFailureAt === undefined) return undefined;
  return { code: lastError.code as LocalFault['code'], message: lastError.message, reasons: [], at: lastFailureAt };
}

/** Settings of these kinds are in a unit that was backed up; a unit that only may hold a picture holds one as a blob. */
function kindsOf(acknowledged: AcknowledgedState | undefined, catalog: Catalog): PartKind[] {
  const units = acknowledged?.manifest.units ?? [];
  const withContents = new Set(units.filter(({ blobs }) => blobs.length > 0).map(({ payloadType }) => payloadType));
  const settings = catalog.settings.filter(({ payloadType }) => withContents.has(payloadType));
  const found = new Set<PartKind>(settings.map(kindOf));
  return besideSettings(Object.fromEntries(PART_KINDS.map((kind) => [kind, found.has(kind) ? 1 : 0])));
}

function besideSettings(counts: Readonly<Partial<Record<PartKind, number>>>): PartKind[] {
  return PART_KINDS.filter((kind) => kind !== 'setting' && kind !== 'app' && (counts[kind] ?? 0) > 0);
}

function resultOf({ unchanged, sentBytes, failures }: BackupReport, catalog: Catalog, language: Language) {
  const leftOut = failures.map(
    ({ itemId, reason }): LeftOut => ({
      title: settingOf(catalog, itemId) === undefined ? itemId : titleOf(catalog, itemId, language),
      reason,
    }),
  );
  return { unchanged, sentBytes, leftOut };
}

/** As the service knows them, with what it does not know yet on top. */
export function switchesOf(service: ServiceState | undefined, waiting: Preferences): CategorySwitch[] {
  if (service === undefined) return [];
  const { policy, preferences } = service.checkIn;
  return categoryStates(policy, { ...preferences, ...waiting }).map((state) => ({
    ...state,
    waiting: state.changeable && waiting[state.category] !== undefined,
  }));
}

export function deviceOf({ name, osName, platform }: DeviceFacts) {
  return { name, osName, platform };
}

/** A line as the page takes it: no number that only this device and the service use. */
export function historyLine(entry: HistoryEntry): HistoryLine {
  switch (entry.what) {
    case 'backup': {
      const { what, at, unchanged, settings, apps, leftOut } = entry;
      return { what, at, unchanged, settings, apps, leftOut };
    }
    case 'backupFailed':
      return { what: entry.what, at: entry.at, message: entry.message };
    case 'restore': {
      const { what, at, from, done, notDone } = entry;
      return { what, at, from, done, notDone };
    }
    case 'setUpAsNew':
      return { what: entry.what, at: entry.at };
    case 'undo':
      return { what: entry.what, at: entry.at, back: entry.back, kept: entry.kept };
  }
}
