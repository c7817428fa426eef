/**
 * The templates of Group Policy (policy-templates/windows): every word is there in both languages, and what Group Policy
 * writes by them is what the agent reads. That each file is as its schema says is in policy-template-schema.test.ts; here
 * is what a schema cannot say.
 */

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { POLICIES, type PolicyDefinition, type PolicyValue } from '@carryover/model/policy-definitions';
import type { RegistryValue } from '@carryover/model/policy-registry';
import { elementOf, type PolicyState, policiesOf, references, written } from '../../testing/policy-template.ts';
import { childOf, type XmlElement, xmlTree } from '../../testing/xml-tree.ts';
import { registryPolicies } from './registry.ts';

const ROOT = join(import.meta.dirname, '../../..');
const LANGUAGES = ['en-US', 'de-DE'] as const;

const template = (name: string) => xmlTree(readFileSync(join(ROOT, 'policy-templates/windows', name), 'utf8'));
const ADMX = template('carryover.admx');

const nameOf = ({ attributes }: XmlElement) => attributes['name'] ?? attributes['id'] ?? '';

test('they are what the policies of the model make', () => {
  execFileSync(process.execPath, ['scripts/policy-templates.ts', '--check'], { cwd: ROOT });
});

test('every policy of the model is a policy of the template, for the computer, at its key and value', () => {
  assert.deepEqual(
    policiesOf(ADMX).map(nameOf),
    POLICIES.map(({ name }) => name),
  );
  for (const [index, policy] of policiesOf(ADMX).entries()) {
    const { registry, name } = POLICIES[index] ?? assert.fail();
    const valueName = policy.attributes['valueName'] ?? elementOf(policy)?.attributes['valueName'];

    assert.deepEqual(
      [policy.attributes['class'], policy.attributes['key'], valueName],
      ['Machine', registry.key, registry.value ?? name],
    );
  }
});

test('every policy writes something, an element a value of its own, and a number has room between its bounds', () => {
  for (const policy of policiesOf(ADMX)) {
    const { valueName } = policy.attributes;
    const element = elementOf(policy);
    if (element === undefined) {
      assert.ok(valueName !== undefined, `${nameOf(policy)} writes something`);
      continue;
    }
    assert.notEqual(element.attributes['valueName'], valueName);
    if (element.name !== 'decimal') continue;
    const [from, to] = [Number(element.attributes['minValue']), Number(element.attributes['maxValue'])];
    assert.ok(from < to, nameOf(policy));
  }
});

/** What presents each element, in the schema's words. */
const SHOWN_BY: Readonly<Record<string, string>> = {
  boolean: 'checkBox',
  decimal: 'decimalTextBox',
  multiText: 'multiTextBox',
};

for (const language of LANGUAGES)
  test(`${language} has every word that is referred to, once, and nothing else`, () => {
    const adml = template(`${language}/carryover.adml`);
    const strings = childOf(adml, 'resources', 'stringTable').children;
    const presentations = childOf(adml, 'resources', 'presentationTable').children;

    assert.deepEqual(strings.map(nameOf).toSorted(), [...new Set(references(ADMX, 'string'))].toSorted());
    assert.deepEqual(presentations.map(nameOf), references(ADMX, 'presentation'));
    for (const { text } of strings) assert.notEqual(text.trim(), '');
    for (const presentation of presentations) {
      const policy = policiesOf(ADMX).find((one) => nameOf(one) === nameOf(presentation)) ?? assert.fail();
      const element = elementOf(policy);
      const shown = presentation.children.filter(({ name }) => name !== 'text');
      assert.deepEqual(
        shown.map(({ name, attributes }) => [name, attributes['refId']]),
        [[SHOWN_BY[element?.name ?? ''], element?.attributes['id']]],
      );
      const proposed = shown[0]?.attributes['defaultValue'];
      if (element?.name === 'decimal') assert.doesNotThrow(() => written(policy, on(Number(proposed))));
    }
  });

test('the languages differ in their words, not in their ids', () => {
  const [english = [], german = []] = LANGUAGES.map(
    (language) => childOf(template(`${language}/carryover.adml`), 'resources', 'stringTable').children,
  );
  assert.deepEqual(english.map(nameOf), german.map(nameOf));
  const same = english.filter(({ text }, index) => text === german[index]?.text).map(nameOf);
  assert.deepEqual(same, ['Carryover']);
});

const off: PolicyState = { enabled: false };
const on = (entered?: boolean | number | readonly string[]): PolicyState =>
  entered === undefined ? { enabled: true } : { enabled: true, entered };

/** States of the editor, and what the agent must read of each; undefined: not configured. */
function statesOf({ kind, range }: PolicyDefinition): readonly (readonly [PolicyState, PolicyValue | undefined])[] {
  const { from = 0, to = 0 } = range ?? {};
  const addresses = ['https://flathub.org', 'file:///srv/apps'];
  switch (kind) {
    case 'switch':
      return [
        [on(), true],
        [off, false],
      ];
    case 'limit':
      return [
        [on(true), 'off'],
        [on(false), 'locked'],
        [off, 'on'],
      ];
    case 'number':
      return [
        [on(from), from],
        [on(to), to],
        [off, undefined],
      ];
    case 'list':
      return [
        [on(addresses), addresses],
        [off, undefined],
      ];
  }
}

async function settingsRead(values: readonly RegistryValue[]) {
  const reader = {
    valuesIn: async (key: string) => values.filter((value) => value.key === key),
    isServedByMicrosoft: async () => false,
  };
  const { documents, problems } = await registryPolicies(reader).read();
  assert.deepEqual(problems, []);
  return documents.flatMap(({ settings }) => settings);
}

for (const definition of POLICIES)
  for (const [state, value] of statesOf(definition))
    test(`${definition.name} ${JSON.stringify(state)} is read as ${JSON.stringify(value)}`, async () => {
      const policy = policiesOf(ADMX).find((one) => nameOf(one) === definition.name) ?? assert.fail();

      const settings = await settingsRead(written(policy, state));

      assert.deepEqual(settings, value === undefined ? [] : [{ policy: definition.name, value }]);
    });

test('a number out of its bounds cannot be entered', () => {
  for (const { name, range } of POLICIES.filter(({ kind }) => kind === 'number')) {
    const policy = policiesOf(ADMX).find((one) => nameOf(one) === name) ?? assert.fail();
    for (const entered of [(range?.from ?? 0) - 1, (range?.to ?? 0) + 1])
      assert.throws(() => written(policy, on(entered)), /cannot be/);
  }
});
