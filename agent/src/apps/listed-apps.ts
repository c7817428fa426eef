/**
 * What the sources share that only tell which apps were there: installing these is an administrator's act.
 *
 * Such an item is `unchanged` where the app is installed, and otherwise needs an administrator.
 */

import type { Json } from '@carryover/model/canonical';
import type { Finding } from '@carryover/model/restore-plan';
import type { Outcome } from '../settings/mechanism.ts';
import type { AppItem } from './app-source.ts';

/** Finding of an app that is only listed. */
export function listedFinding(item: AppItem, installed: boolean, source: string): Finding {
  if (installed) return { now: item.raw, nowWords: 'installed', same: true };
  const reason = {
    code: 'appNeedsAdministrator',
    facts: { app: textIn(item.raw, 'name') ?? item.itemId, source },
  } as const;
  return { now: undefined, nowWords: '', same: false, obstacle: { status: 'needsElevation', reason } };
}

export function outcomeFrom(itemId: string, finding: Finding | undefined): Outcome {
  if (finding?.obstacle !== undefined) return { itemId, ...finding.obstacle };
  return { itemId, status: 'unchanged' };
}

/** A text member of a raw value; undefined when there is none. */
export function textIn(raw: Json | undefined, member: string): string | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const value = (raw as { readonly [member: string]: Json })[member];
  return typeof value === 'string' ? value : undefined;
}
