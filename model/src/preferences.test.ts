import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type CategoryRule, type EffectivePolicy, effectivePolicy } from './policy.ts';
import { categoriesOff, categoriesOffered, categoriesOn, categoryStates, type Preferences } from './preferences.ts';
import { CATEGORIES } from './setting.ts';

function policy(rules: Partial<EffectivePolicy['categories']> = {}, backupEnabled = true): EffectivePolicy {
  const facts = { version: 1, organization: 'Auental County', restorePageAtEnrollment: false };
  const made = effectivePolicy({ backupEnabled }, facts);
  return { ...made, categories: { ...made.categories, ...rules } };
}

function stateOf(rule: CategoryRule, choice: 'on' | 'off' | undefined, backupEnabled = true) {
  const preferences: Preferences = choice === undefined ? {} : { apps: choice };
  const state = categoryStates(policy({ apps: rule }, backupEnabled), preferences).find(
    ({ category }) => category === 'apps',
  );
  return [state?.on, state?.changeable, state?.reason?.code];
}

test('without a policy everything is off and nobody can change it', () => {
  assert.deepEqual(stateOf('on', 'on', false), [false, false, 'notSwitchedOn']);
  assert.deepEqual(categoriesOn(policy({}, false), { apps: 'on' }), []);
});

for (const [backup, roaming, expected] of [
  [false, false, [false, false, 'notSwitchedOn']],
  [true, false, [true, true, undefined]],
  [false, true, [true, true, undefined]],
  [true, true, [true, true, undefined]],
] as const)
  test(`backup ${backup ? 'on' : 'off'}, roaming ${roaming ? 'on' : 'off'}: the switches and what is captured`, () => {
    const made = { ...policy({ accounts: 'locked', other: 'off' }, backup), roamingEnabled: roaming };
    const states = categoryStates(made, { language: 'off' });
    const told = (wanted: string) => {
      const found = states.find(({ category }) => category === wanted);
      return [found?.on, found?.changeable, found?.reason?.code];
    };

    assert.deepEqual(told('apps'), expected);
    const isOn = backup || roaming;
    assert.deepEqual(told('accounts'), [false, false, isOn ? 'switchedOffByPolicy' : 'notSwitchedOn']);
    assert.deepEqual(told('other'), isOn ? [false, true, 'suggestedOff'] : [false, false, 'notSwitchedOn']);
    assert.deepEqual(told('language'), isOn ? [false, true, 'switchedOffByPerson'] : [false, false, 'notSwitchedOn']);
    assert.deepEqual(
      categoriesOn(made, { language: 'off' }),
      backup ? ['accessibility', 'personalization', 'apps'] : [],
    );
  });

test('backup that a policy switched off is told apart from backup that nobody switched on', () => {
  const origin = { source: 'service', policy: 'Kiosks' } as const;
  const [state] = categoryStates({ ...policy({}, false), origins: { backupEnabled: origin } }, {});

  assert.deepEqual(state?.reason, {
    code: 'backupSwitchedOff',
    facts: { org: 'Auental County', policy: 'Kiosks' },
  });
});

test('on: the person may switch it off', () => {
  assert.deepEqual(stateOf('on', undefined), [true, true, undefined]);
  assert.deepEqual(stateOf('on', 'off'), [false, true, 'switchedOffByPerson']);
});

test('off: the person may switch it on', () => {
  assert.deepEqual(stateOf('off', undefined), [false, true, 'suggestedOff']);
  assert.deepEqual(stateOf('off', 'on'), [true, true, undefined]);
});

test('locked: off whatever the person switched before', () => {
  assert.deepEqual(stateOf('locked', 'on'), [false, false, 'switchedOffByPolicy']);
});

test('every category is either offered or kept out with a reason, under any policy', () => {
  const rules = fc.record(
    Object.fromEntries(CATEGORIES.map((category) => [category, fc.constantFrom<CategoryRule>('on', 'off', 'locked')])),
  ) as fc.Arbitrary<EffectivePolicy['categories']>;
  const choices = fc.dictionary(fc.constantFrom(...CATEGORIES), fc.constantFrom<'on' | 'off'>('on', 'off'));
  fc.assert(
    fc.property(rules, choices, fc.boolean(), (some, preferences, enabled) => {
      const made = policy(some, enabled);
      const [offered, off] = [categoriesOffered(made, preferences), categoriesOff(made, preferences)];

      assert.deepEqual([...offered, ...off.keys()].toSorted(), CATEGORIES.toSorted());
      for (const category of offered) assert.notEqual(some[category], 'locked');
      assert.deepEqual(categoriesOn(made, preferences), enabled ? offered : []);
    }),
  );
});

test('what is stored is offered while backup is off, but for what policy and person keep out', () => {
  const offered = categoriesOffered(policy({ accounts: 'locked' }, false), { apps: 'off' });

  assert.deepEqual(offered, ['accessibility', 'personalization', 'language', 'other']);
});
