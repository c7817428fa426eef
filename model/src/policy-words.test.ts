/** Every decision has a name and every value of it words, in both languages. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { POLICY_SOURCES } from './policy.ts';
import { POLICIES, type PolicyKind, type PolicyValue } from './policy-definitions.ts';
import { explain } from './policy-explain.ts';
import { mergePolicies } from './policy-merge.ts';
import { becauseWords, memberTitle, originWords, valueWords } from './policy-words.ts';

const LANGUAGES = ['en', 'de'] as const;

test('every decision has a title of its own that fits a column, in both languages', () => {
  const members = explain([]).explanations.map(({ member }) => member);

  for (const language of LANGUAGES) {
    const titles = members.map((member) => memberTitle(member, language));
    assert.equal(new Set(titles).size, members.length);
    assert.ok(
      titles.every((title) => title.length <= 29 && !/\./.test(title)),
      titles.join('; '),
    );
  }
});

test('two values of a policy never read the same, whatever the policy', () => {
  for (const { name, kind, range } of POLICIES) {
    const samples: Readonly<Record<PolicyKind, readonly PolicyValue[]>> = {
      switch: [true, false],
      limit: ['on', 'off', 'locked'],
      number: [range?.from ?? 0, (range?.from ?? 0) + 1, range?.to ?? 0],
      list: [[], ['https://one.example'], ['https://one.example', 'https://two.example']],
    };
    const values = samples[kind];
    for (const language of LANGUAGES) {
      const words = values.map((value) => {
        const document = { source: 'service' as const, name: 'One', settings: [{ policy: name, value }] };
        return [...mergePolicies([document]).answers].map(
          ([member, [answer]]) => `${member} ${valueWords(member, answer?.value, language)}`,
        );
      });
      const [first] = words;
      if (first !== undefined && first.length > 0)
        assert.equal(new Set(words.map((lines) => lines.join('\n'))).size, values.length, words.join('; '));
    }
  }
});

for (const [member, value, en, de] of [
  ['backupEnabled', true, 'On', 'Ein'],
  ['backupIntervalDays', 4, 'every 4 days', 'alle 4 Tage'],
  ['backupIntervalDays', 1, 'every day', 'jeden Tag'],
  ['categories.accounts', 'locked', 'Off, locked', 'Aus, gesperrt'],
  ['categories.apps', 'off', 'Off, people may turn it on', 'Aus, kann eingeschaltet werden'],
  ['meteredAllowed', false, 'Not allowed', 'Nicht erlaubt'],
  ['allowedAppSources', [], 'none', 'keine'],
  ['allowedAppSources', ['https://a.example', 'https://b.example'], 'https://a.example, https://b.example', undefined],
  ['somethingNewer', { a: 1 }, '{"a":1}', '{"a":1}'],
  ['categories.accounts', 'somethingNewer', 'somethingNewer', 'somethingNewer'],
] as const)
  test(`${member} ${JSON.stringify(value)} reads "${en}"`, () => {
    assert.equal(valueWords(member, value, 'en'), en);
    if (de !== undefined) assert.equal(valueWords(member, value, 'de'), de);
  });

test('who decided is named with where they did, and why another did not', () => {
  const origins = POLICY_SOURCES.map((source) => originWords({ source, policy: 'Town hall' }, 'en'));

  assert.equal(origins[0], '"Town hall" (service)');
  assert.equal(new Set(origins).size, POLICY_SOURCES.length);
  assert.equal(originWords({ source: 'policyFile', policy: 'Rathaus' }, 'de'), '„Rathaus“ (Richtliniendatei)');
  assert.equal(becauseWords('stricter', 'en'), 'another one is stricter');
  assert.equal(becauseWords('excluded', 'de'), 'eine Gruppe mit diesem PC oder dieser Person ist ausgenommen');
});
