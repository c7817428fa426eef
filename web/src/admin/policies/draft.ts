/** What somebody makes of a policy before it is saved. Pure. */

import type { AssignmentTarget } from '@carryover/model/assignment';
import { type PolicyValue, policyByName, wrongValue } from '@carryover/model/policy-definitions';
import type { PolicyWords } from '../../shared/words/admin-policies.ts';
import type { OmaRow } from './oma-rows.ts';

export interface Draft {
  readonly name: string;
  readonly description: string;
  /** By PolicyDefinition.name; what is not there is not configured. */
  readonly values: Readonly<Record<string, PolicyValue>>;
  /** Of a custom policy. */
  readonly oma: readonly OmaRow[];
  readonly targets: readonly AssignmentTarget[];
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/** As it is saved: addresses without empty lines. */
export function cleaned(draft: Draft): Draft {
  const values = Object.entries(draft.values).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.map((line: string) => line.trim()).filter(Boolean) : value,
  ]);
  return { ...draft, values: Object.fromEntries(values) };
}

export interface DraftFault {
  readonly part: 'basics' | 'settings';
  readonly text: string;
}

/** What keeps a draft from being saved, as far as it needs nobody to ask. */
export function faultsOf(draft: Draft, say: PolicyWords): DraftFault[] {
  const unnamed: DraftFault[] =
    draft.name.trim() === '' ? [{ part: 'basics', text: say('policyEditor.needsName') }] : [];
  const wrong = Object.entries(cleaned(draft).values).flatMap(([name, value]): DraftFault[] => {
    const definition = policyByName(name);
    const allowed = definition && wrongValue(definition, value);
    return definition === undefined || allowed === undefined
      ? []
      : [{ part: 'settings', text: say('policyEditor.wrong', { name: definition.name, allowed }) }];
  });
  const nowhere = draft.oma.flatMap(({ omaUri }, at): DraftFault[] =>
    omaUri.trim() === '' ? [{ part: 'settings', text: say('oma.needsUri', { n: at + 1 }) }] : [],
  );
  return [...unnamed, ...wrong, ...nowhere];
}
