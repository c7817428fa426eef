/**
 * Preferences: what a person wants remembered, under the organization's rules.
 *
 * The door of this context for writing; what is read together with policy is put together in standing/standing.ts.
 */

import type { EffectivePolicy } from '@carryover/model/policy';
import { lockedReason, type Preferences } from '@carryover/model/preferences';
import { CATEGORIES } from '@carryover/model/setting';
import type { Store } from '../db/command.ts';
import type { Owner } from '../db/schema.ts';
import { refusal } from '../standing/standing.ts';
import { replacePreferences } from './store.ts';

/** Errors: accessDenied (inner "policy") when a category is to be switched on that the organization locked. */
export async function putPreferences(
  store: Store,
  owner: Owner,
  put: { deviceId: string; preferences: Preferences; policy: EffectivePolicy; now: Temporal.Instant },
): Promise<void> {
  const { policy, preferences } = put;
  const reasons = CATEGORIES.filter(
    (category) => preferences[category] === 'on' && policy.categories[category] === 'locked',
  ).map((category) => lockedReason(category, policy));
  if (reasons.length > 0) throw refusal(policy, reasons);
  await store.write(replacePreferences, owner, put.deviceId, preferences, put.now.epochMilliseconds);
}
