/**
 * Many documents, one decision: what each document says, which of two that disagree wins, and who was overruled.
 *
 * The stricter one wins, whoever wrote it and in whatever order they come: less is uploaded, less is brought back, what is
 * kept is kept shorter. A decision never depends on a name, a date or the order of a list.
 *
 * Pure: no I/O, no clock. Source: product.md R5, R6; microsoft-facts.md 2.5.
 */

import type { Blocker, Decided, DecidedMember, Decisions, Origin, PolicySource } from './policy.ts';
import { type PolicyValue, policyByName } from './policy-definitions.ts';
import { CATEGORIES, type Category } from './setting.ts';

/** One policy with its value, as a document holds it. */
export interface PolicySetting {
  /** PolicyDefinition.name, or what a document called something that is not known. */
  readonly policy: string;
  readonly value: PolicyValue;
}

/** A document of whatever source, reduced to what it says. */
export interface PolicyDocument {
  readonly source: PolicySource;
  readonly name: string;
  /** Of the service's own documents. */
  readonly id?: string;
  readonly settings: readonly PolicySetting[];
}

/** One member of what is decided, a category on its own: "backupEnabled", "categories.apps". */
export type DecisionMember = Exclude<DecidedMember, 'categories'> | `categories.${Category}`;

/** What one document says of one member. */
export interface Answer {
  readonly member: DecisionMember;
  readonly value: unknown;
  /** PolicyDefinition.name. */
  readonly policy: string;
  readonly origin: Origin;
}

/** Documents that disagree about a member. */
export interface Conflict {
  readonly member: DecisionMember;
  readonly kept: Answer;
  /** The others, whatever they say that is not the same. */
  readonly overruled: readonly Answer[];
}

export interface Merged {
  readonly decisions: Decisions;
  readonly conflicts: readonly Conflict[];
  /** Every answer about every member, the one that is kept first. */
  readonly answers: ReadonlyMap<DecisionMember, readonly Answer[]>;
}

/** Puts documents together. Every one of them is meant for this device; see assignment.ts. */
export function mergePolicies(documents: readonly PolicyDocument[]): Merged {
  const answers = new Map<DecisionMember, Answer[]>();
  const blockers: Blocker[] = [];
  for (const document of documents)
    for (const setting of document.settings) {
      const said = answersOf(document, setting);
      if ('blocker' in said) blockers.push(said.blocker);
      else
        for (const answer of said.answers) answers.set(answer.member, [...(answers.get(answer.member) ?? []), answer]);
    }
  for (const [member, given] of answers) answers.set(member, given.toSorted(byStrictness));
  const kept = [...answers].map(([member, given]) => keptOf(member, given));
  return {
    decisions: {
      ...decisionsFrom(kept),
      blockers: blockers.toSorted(byOrigin),
      origins: Object.fromEntries(kept.map(({ member, origin }) => [member, origin])),
    },
    conflicts: [...answers].flatMap(([member, given]) => conflictOf(member, given)),
    answers,
  };
}

function answersOf(
  { source, name, id }: PolicyDocument,
  { policy, value }: PolicySetting,
): { readonly answers: readonly Answer[] } | { readonly blocker: Blocker } {
  const definition = policyByName(policy);
  const origin: Origin = { source, policy: name, ...(id === undefined ? {} : { policyId: id }) };
  const decided = definition?.decides(value) ?? {};
  if ('blocks' in decided) return decided.blocks ? { blocker: { policy, origin } } : { answers: [] };
  const { categories = {}, ...others } = decided;
  const answer = ([member, given]: [string, unknown]): Answer => ({
    member: member as DecisionMember,
    value: given,
    policy,
    origin,
  });
  return {
    answers: [
      ...Object.entries(others).map(answer),
      ...Object.entries(categories).map(([category, rule]) => answer([`categories.${category}`, rule])),
    ],
  };
}

/** How strict a value is: the highest wins. Lists are not compared but cut, see keptOf. */
const STRICTNESS: Readonly<Record<Exclude<DecidedMember, 'allowedAppSources'>, (value: unknown) => number>> = {
  backupEnabled: offIsStrict,
  roamingEnabled: offIsStrict,
  restoreEnabled: offIsStrict,
  meteredAllowed: offIsStrict,
  imagesAllowed: offIsStrict,
  secretsAllowed: offIsStrict,
  runsCodeAllowed: offIsStrict,
  installQualityUpdates: offIsStrict,
  deviceCodeAllowed: offIsStrict,
  categories: (value) => ({ on: 0, off: 1, locked: 2 })[value as 'on' | 'off' | 'locked'],
  // Fewer uploads, spread wider, kept in smaller number, trusted for a shorter time.
  backupIntervalDays: (value) => value as number,
  spreadHours: (value) => value as number,
  keptSnapshots: (value) => -(value as number),
  staleAfterDays: (value) => -(value as number),
};

function offIsStrict(value: unknown): number {
  return value === false ? 1 : 0;
}

function strictnessOf({ member, value }: Answer): number {
  if (member === 'allowedAppSources') return -(value as readonly string[]).length;
  return STRICTNESS[member.startsWith('categories.') ? 'categories' : (member as keyof typeof STRICTNESS)](value);
}

/** Strictest first; equal ones in an order of their own, so that the order of documents does not show. */
function byStrictness(a: Answer, b: Answer): number {
  return (
    strictnessOf(b) - strictnessOf(a) || byOrigin(a, b) || (JSON.stringify(a.value) < JSON.stringify(b.value) ? -1 : 1)
  );
}

function byOrigin(a: { readonly origin: Origin; readonly policy: string }, b: typeof a): number {
  const key = ({ origin, policy }: typeof a) =>
    JSON.stringify([origin.source === 'service' ? 0 : 1, origin.policy, origin.policyId ?? '', origin.source, policy]);
  return key(a) < key(b) ? -1 : Number(key(a) > key(b));
}

function keptOf(member: DecisionMember, answers: readonly Answer[]): Answer {
  const [strictest] = answers;
  if (strictest === undefined) throw new Error(`Nobody decided ${member}.`);
  if (member !== 'allowedAppSources') return strictest;
  const lists = answers.map(({ value }) => value as readonly string[]);
  const inAll = (strictest.value as readonly string[]).filter((source) => lists.every((list) => list.includes(source)));
  return { ...strictest, value: inAll.toSorted() };
}

function conflictOf(member: DecisionMember, answers: readonly Answer[]): Conflict[] {
  const [kept] = answers;
  const sign = ({ value }: Answer) => JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
  const overruled = answers.filter((answer) => kept !== undefined && sign(answer) !== sign(kept));
  return kept === undefined || overruled.length === 0 ? [] : [{ member, kept, overruled }];
}

function decisionsFrom(kept: readonly Answer[]): Partial<Decided> {
  const rules = new Map(kept.map(({ member, value }) => [member, value]));
  const categories = CATEGORIES.map((category) => [category, rules.get(`categories.${category}`) ?? 'on']);
  return {
    ...Object.fromEntries([...rules].filter(([member]) => !member.startsWith('categories.'))),
    categories: Object.fromEntries(categories) as Decided['categories'],
  };
}
