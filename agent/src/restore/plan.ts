/**
 * The plan: every item of a snapshot with what it is now, what it will be, or why it stays; made before anything changes.
 *
 * Asks the mechanisms and the apps, writes nothing; the decisions are model/src/restore-plan.ts.
 */

import { settingOf } from '@carryover/model/catalog';
import type { Reason } from '@carryover/model/reasons';
import { type Choice, type Finding, type PlanItem, restorePlan, type WantedItem } from '@carryover/model/restore-plan';
import type { Catalog, Category } from '@carryover/model/setting';
import type { applyApp, appWords, inspectApps } from '../apps/apps.ts';
import type { ItemToApply, Mechanism, MechanismContext } from '../settings/mechanism.ts';
import type { Wanted } from './wanted.ts';

export interface Plan {
  readonly profileId: string;
  readonly deviceName: string;
  readonly seq: number;
  /** By the service's time. */
  readonly takenAt: string;
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** Categories in the backup that policy or preference keep back now. */
  readonly withheld: readonly Category[];
  /** Why, category by category. Absent in a plan that an older release left behind. */
  readonly withheldBecause?: readonly Reason[];
  readonly items: readonly PlanItem[];
}

/** The door of the apps, as a restore needs it. */
export interface Apps {
  readonly appWords: typeof appWords;
  readonly inspectApps: typeof inspectApps;
  readonly applyApp: typeof applyApp;
}

type AppsContext = Parameters<typeof inspectApps>[0];
export type AppItem = Parameters<typeof appWords>[0];

export interface Places {
  readonly context: MechanismContext;
  readonly mechanisms: readonly Mechanism[];
  readonly apps: Apps;
  readonly appsContext: AppsContext;
}

export async function planItems(wanted: Wanted, places: Places, choice: Choice): Promise<PlanItem[]> {
  const possible = wanted.items.filter(({ id, raw }) => raw !== undefined && !wanted.obstacles.has(id));
  const findings = new Map<string, Finding>(await findingsOf(possible, places));
  for (const [id, obstacle] of wanted.obstacles)
    findings.set(id, { now: undefined, nowWords: '', same: false, obstacle });
  return restorePlan(wanted.items, findings, choice);
}

/** What the machine says of each item. */
export async function findingsOf(
  items: readonly WantedItem[],
  { context, mechanisms, apps, appsContext }: Places,
): Promise<Map<string, Finding>> {
  const asked = [...byMechanism(items, context.catalog, mechanisms)].map(([mechanism, members]) =>
    mechanism.inspect(context, members),
  );
  const installable = appsOf(items);
  const answers = await Promise.all([
    ...asked,
    ...(installable.length > 0 ? [apps.inspectApps(appsContext, installable)] : []),
  ]);
  return new Map(answers.flatMap((answer) => [...answer]));
}

/** Settings, files and pictures by the mechanism that serves them here; an item that none serves is not in it. */
export function byMechanism(
  items: readonly Pick<WantedItem, 'id' | 'kind' | 'raw'>[],
  catalog: Catalog,
  mechanisms: readonly Mechanism[],
): Map<Mechanism, ItemToApply[]> {
  const groups = new Map<Mechanism, ItemToApply[]>();
  const platform = mechanisms.some(({ kinds }) => kinds.includes('registry')) ? 'windows' : 'linux';
  for (const { id, kind, raw } of items) {
    const setting = kind === 'app' ? undefined : settingOf(catalog, id);
    if (setting === undefined || raw === undefined) continue;
    const served = (setting[platform] ?? []).map(({ mechanism }) => mechanism);
    const mechanism = mechanisms.find(({ kinds }) => served.some((kind) => kinds.includes(kind)));
    if (mechanism === undefined) continue;
    const members = groups.get(mechanism) ?? [];
    members.push({ itemId: id, setting, raw });
    groups.set(mechanism, members);
  }
  return groups;
}

export function appsOf(items: readonly Pick<WantedItem, 'id' | 'kind' | 'raw'>[]): AppItem[] {
  return items.flatMap(({ id, kind, raw }) => (kind === 'app' && raw !== undefined ? [{ itemId: id, raw }] : []));
}
