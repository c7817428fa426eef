/**
 * Which places of the registry an administrator's task may change for a person: whole values of the PC that the catalog
 * marks for it and whose values it lists.
 *
 * Pure. Source: docs/decisions/2026-11-26-elevated-task.md.
 */

import type { RegistryMatch } from '@carryover/model/catalog';
import type { Flag } from '@carryover/model/setting';
import { isShared } from './registry-bits.ts';

/** Why the task never changes what is at this place; undefined when it may. */
export function whyNotElevated({ setting, place }: Pick<RegistryMatch, 'setting' | 'place'>): string | undefined {
  if (place.hive !== 'HKLM' || !setting.flags.includes('needsElevation')) return 'it is no setting of the whole PC';
  if (setting.mode === 'none') return 'it is not carried over';
  const flag = setting.flags.find((one) => NEVER.includes(one));
  if (flag !== undefined) return `it is ${flag}`;
  if (place.mechanism !== 'registry' || isShared(place) || place.allowed === undefined)
    return 'its values are not listed';
  return undefined;
}

const NEVER: readonly Flag[] = ['deviceBound', 'secret', 'runsCode'];
