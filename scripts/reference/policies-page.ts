/** docs/reference/policies.md: every policy, what it may be, and how each place spells it. */

import {
  DCONF_FOLDER,
  dconfKeyOf,
  overrideValueOf,
  POLICIES,
  POLICY_CATEGORIES,
  POLICY_CATEGORY_TITLES,
  type PolicyDefinition,
} from '../../model/src/policy-definitions.ts';
import { allowedIn } from '../../model/src/policy-file.ts';
import { code, page, table } from './markdown.ts';

export function policiesPage(): string {
  const shelves = POLICY_CATEGORIES.flatMap((category) => {
    const policies = POLICIES.filter((policy) => policy.category === category);
    const head = ['policy', 'called', 'values', 'what it does'];
    return [`## ${POLICY_CATEGORY_TITLES[category].title.en}`, table(head, policies.map(meaningOf))];
  });
  const spellings = ['policy', `key below ${code(DCONF_FOLDER)}`, 'value below HKLM', 'OMA-URI'];
  return page('Policies', 'model/src/policy-definitions.ts', [
    'Values are spelled as in a policy file. `"off"` and `"locked"` are *Enabled* of Microsoft with and without *Allow users to turn it on*, ' +
      '`"on"` is *Disabled*; a number has the unit of its name.',
    ...shelves,
    '## Spelled elsewhere',
    'In the registry a switch is a REG_DWORD 1 or 0; a *Do not sync* is 2 with a second value beside it, 1 for locked and 0 for off; a number ' +
      'is a REG_DWORD, a list a REG_MULTI_SZ. The key `Software\\Policies\\Carryover` may hold every policy by its name.',
    table(spellings, POLICIES.map(spellingOf)),
  ]);
}

function meaningOf(definition: PolicyDefinition): string[] {
  const { name, title, explanation } = definition;
  return [code(name), title.en, code(allowedIn(definition)), explanation.en];
}

function spellingOf(definition: PolicyDefinition): string[] {
  const { name, registry, kind, omaUri } = definition;
  const value = `${registry.key}\\${registry.value ?? name}`;
  const beside = kind === 'limit' ? `, ${code(overrideValueOf(definition))}` : '';
  return [code(name), code(dconfKeyOf(name)), `${code(value)}${beside}`, code(omaUri)];
}
