/**
 * What a person wants remembered: a switch per category, under the organization's rules.
 *
 * Off means: left out of new snapshots and not offered from old ones; what is stored stays until deleted (R11).
 *
 * Pure: no I/O, no clock.
 */

import type { EffectivePolicy } from './policy.ts';
import type { Reason } from './reasons.ts';
import { CATEGORIES, type Category } from './setting.ts';

/** What the person switched by hand; a category not named follows the rule. */
export type Preferences = Readonly<Partial<Record<Category, 'on' | 'off'>>>;

export interface CategoryState {
  readonly category: Category;
  readonly on: boolean;
  /** May the person change it. */
  readonly changeable: boolean;
  /** There when off or not changeable. */
  readonly reason?: Reason;
}

/** The state of every switch, in the order of the settings page. */
export function categoryStates(policy: EffectivePolicy, preferences: Preferences): CategoryState[] {
  return CATEGORIES.map((category) => categoryState(category, policy, preferences));
}

function categoryState(category: Category, policy: EffectivePolicy, preferences: Preferences): CategoryState {
  const org = policy.organization;
  // The same switches govern both; while either is on, people have a say (R11).
  if (!policy.backupEnabled && !policy.roamingEnabled)
    return { category, on: false, changeable: false, reason: backupOffReason(policy) };
  const rule = policy.categories[category];
  if (rule === 'locked')
    return {
      category,
      on: false,
      changeable: false,
      reason: lockedReason(category, policy),
    };
  const chosen = preferences[category];
  const on = (chosen ?? rule) === 'on';
  if (on) return { category, on, changeable: true };
  const reason: Reason =
    chosen === undefined
      ? { code: 'suggestedOff', facts: { org, category, toggle: category } }
      : { code: 'switchedOffByPerson', facts: { category, toggle: category } };
  return { category, on, changeable: true, reason };
}

/** Nobody decided and somebody decided against it are two things, with different remedies. */
export function backupOffReason({ organization: org, origins }: EffectivePolicy): Reason {
  const policy = origins['backupEnabled']?.policy;
  return policy === undefined
    ? { code: 'notSwitchedOn', facts: { org } }
    : { code: 'backupSwitchedOff', facts: { org, policy } };
}

/** Whether a reason says that backup is off, by whomever. */
export function saysBackupOff({ code }: Reason): boolean {
  return code === 'notSwitchedOn' || code === 'backupSwitchedOff';
}

/** Names the policy that locked it; the organization where a policy came without its origin. */
export function lockedReason(category: Category, { organization: org, origins }: EffectivePolicy): Reason {
  return {
    code: 'switchedOffByPolicy',
    facts: { org, category, policy: origins[`categories.${category}`]?.policy ?? org },
  };
}

/**
 * Categories that a restore leaves out, each with the reason. Whether backup is on now does not matter: switching it off
 * keeps what is stored, and what is stored is offered for as long as restore is on (R5).
 */
export function categoriesOff(policy: EffectivePolicy, preferences: Preferences): Map<Category, Reason> {
  return new Map(
    categoryStates({ ...policy, backupEnabled: true }, preferences).flatMap(({ category, on, reason }) =>
      on || reason === undefined ? [] : [[category, reason] as const],
    ),
  );
}

/** Categories that a restore offers: all that categoriesOff does not name. */
export function categoriesOffered(policy: EffectivePolicy, preferences: Preferences): Category[] {
  const off = categoriesOff(policy, preferences);
  return CATEGORIES.filter((category) => !off.has(category));
}

/** Categories to capture: none while backup is off. */
export function categoriesOn(policy: EffectivePolicy, preferences: Preferences): Category[] {
  if (!policy.backupEnabled) return [];
  return categoryStates(policy, preferences)
    .filter(({ on }) => on)
    .map(({ category }) => category);
}
