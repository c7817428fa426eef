/**
 * Why a policy is as it is: for every decision what holds, who said so, and why not what others said.
 *
 * Pure. Source: product.md P4; the issue of policies ("what applies to this person on this device, from which policy, and
 * why not the other").
 */

import type { Reach } from './assignment.ts';
import { DEFAULTS, type Decisions, type EffectivePolicy, type Origin } from './policy.ts';
import { type Answer, type DecisionMember, mergePolicies, type PolicyDocument } from './policy-merge.ts';
import { CATEGORIES } from './setting.ts';

/** A document with whether it is meant for this device. */
export interface Candidate {
  readonly document: PolicyDocument;
  readonly reach: Reach;
  /** Names in it that are not known. */
  readonly unknown: readonly string[];
}

/** stricter: another one is. same: it says the same. notAssigned, excluded: it is not meant for this device. */
export type Because = 'stricter' | 'same' | Missed['kind'];
type Missed = Extract<Reach, { readonly reached: false }>;

export interface Overruled {
  readonly origin: Origin;
  /** PolicyDefinition.name. */
  readonly policy: string;
  readonly value: unknown;
  readonly because: Because;
  /** The group that excludes the device or person. */
  readonly groupId?: string;
}

export interface Explanation {
  readonly member: DecisionMember;
  readonly value: unknown;
  /** PolicyDefinition.name and document that decided; missing: nobody did, it is the default. */
  readonly decidedBy?: { readonly policy: string; readonly origin: Origin };
  readonly others: readonly Overruled[];
}

export interface Explained {
  readonly explanations: readonly Explanation[];
  /** Settings that nobody here understands, with the document they are in. */
  readonly unknown: readonly { readonly name: string; readonly origin: Origin }[];
  readonly blockers: EffectivePolicy['blockers'];
}

const MEMBERS: readonly DecisionMember[] = Object.keys(DEFAULTS).flatMap((member) =>
  member === 'categories'
    ? CATEGORIES.map((category) => `categories.${category}` as const)
    : [member as Exclude<keyof typeof DEFAULTS, 'categories'>],
);

/** Every decision, in one order. `candidates`: all documents there are, meant for this device or not. */
export function explain(candidates: readonly Candidate[]): Explained {
  const meant = candidates.filter(({ reach }) => reach.reached);
  const merged = mergePolicies(meant.map(({ document }) => document));
  const elsewhere = candidates.flatMap((candidate) => answersElsewhere(candidate));
  return {
    explanations: MEMBERS.map((member) => {
      const [kept, ...others] = merged.answers.get(member) ?? [];
      const value = valueFor(member, merged.decisions);
      return {
        member,
        value,
        ...(kept === undefined ? {} : { decidedBy: { policy: kept.policy, origin: kept.origin } }),
        others: [
          ...others.map((answer) => overruled(answer, kept !== undefined && same(answer, kept) ? 'same' : 'stricter')),
          ...elsewhere
            .filter(({ answer }) => answer.member === member)
            .map(({ answer, reach }) => outside(answer, reach)),
        ],
      };
    }),
    unknown: meant.flatMap(({ document, unknown }) =>
      unknown.map((name) => ({
        name,
        origin: {
          source: document.source,
          policy: document.name,
          ...(document.id === undefined ? {} : { policyId: document.id }),
        },
      })),
    ),
    blockers: merged.decisions.blockers ?? [],
  };
}

/** What holds for every member, the defaults where nobody decided. */
export function decidedMembers(decisions: Decisions): ReadonlyMap<DecisionMember, unknown> {
  return new Map(MEMBERS.map((member) => [member, valueFor(member, decisions)]));
}

function answersElsewhere({ document, reach }: Candidate): { answer: Answer; reach: Missed }[] {
  if (reach.reached) return [];
  return [...mergePolicies([document]).answers.values()].flat().map((answer) => ({ answer, reach }));
}

function outside(answer: Answer, reach: Missed): Overruled {
  return { ...overruled(answer, reach.kind), ...('groupId' in reach ? { groupId: reach.groupId } : {}) };
}

function overruled({ origin, policy, value }: Answer, because: Because): Overruled {
  return { origin, policy, value, because };
}

function same(a: Answer, b: Answer): boolean {
  return JSON.stringify(a.value) === JSON.stringify(b.value);
}

function valueFor(member: DecisionMember, decisions: Decisions): unknown {
  const [group, category] = member.split('.');
  if (group === 'categories') return decisions.categories?.[category as (typeof CATEGORIES)[number]] ?? 'on';
  return decisions[member as keyof typeof DEFAULTS] ?? DEFAULTS[member as keyof typeof DEFAULTS];
}
