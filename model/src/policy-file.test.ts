/** What a policy file says: what counts, what costs only its own line, and what is said about it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { POLICIES, type PolicyDefinition, type PolicyValue } from './policy-definitions.ts';
import { allowedIn, policyFileFrom } from './policy-file.ts';
import { mergePolicies } from './policy-merge.ts';
import { wordsOf } from './reasons.ts';

const PATH = '/etc/carryover/policy.d/10-backup.json';
const read = (content: unknown) => policyFileFrom(PATH, JSON.stringify(content));

test('a file is one document under its own name, with its policies as they stand there', () => {
  const content = {
    name: 'Town hall',
    EnableWindowsBackup: true,
    DisableCredentialsSettingSync: 'locked',
    BackupIntervalDays: 4,
    AllowedAppSources: ['https://flathub.org/repo/flathub.flatpakrepo'],
  };

  assert.deepEqual(read(content), {
    documents: [
      {
        source: 'policyFile',
        name: 'Town hall',
        settings: [
          { policy: 'EnableWindowsBackup', value: true },
          { policy: 'DisableCredentialsSettingSync', value: 'locked' },
          { policy: 'BackupIntervalDays', value: 4 },
          { policy: 'AllowedAppSources', value: ['https://flathub.org/repo/flathub.flatpakrepo'] },
        ],
      },
    ],
    problems: [],
  });
  assert.equal(read({ EnableWindowsBackup: true }).documents[0]?.name, PATH);
});

test('a file that sets nothing is no document', () => {
  assert.deepEqual(read({ name: 'Empty' }), { documents: [], problems: [] });
});

/** Values of each kind: those that count, and those that do not. */
const VALUES: Readonly<Record<PolicyDefinition['kind'], { right: readonly PolicyValue[]; wrong: readonly unknown[] }>> =
  {
    switch: { right: [true, false], wrong: [1, 0, 'true', 'on', null, [], {}] },
    limit: { right: ['on', 'off', 'locked'], wrong: [true, false, 2, 'Off', '', null, ['off']] },
    number: { right: [], wrong: [0, -1, 1.5, 1e9, '4', true, null] },
    list: { right: [[], ['https://flathub.org']], wrong: ['https://flathub.org', ['http://flathub.org'], [4], null] },
  };

for (const definition of POLICIES) {
  const { name, kind, range } = definition;
  test(`${name} counts with each of its values and with no other`, () => {
    const right = range === undefined ? VALUES[kind].right : [range.from, range.to];

    for (const value of right)
      assert.deepEqual(read({ [name]: value }), {
        documents: [{ source: 'policyFile', name: PATH, settings: [{ policy: name, value }] }],
        problems: [],
      });
    for (const value of [...VALUES[kind].wrong, ...(range === undefined ? [] : [range.to + 1])]) {
      const { documents, problems } = read({ [name]: value });
      assert.deepEqual(documents, [], `${JSON.stringify(value)} counted`);
      assert.deepEqual(
        problems.map(({ code, facts }) => [code, facts?.['place'], facts?.['policy'], facts?.['allowed']]),
        [['policyValueWrong', PATH, name, allowedIn(definition)]],
      );
    }
  });
}

test('a wrong value costs its own line only, and says file, policy, value and what is allowed', () => {
  const { documents, problems } = read({ EnableWindowsBackup: 'yes', BackupIntervalDays: 4 });

  assert.deepEqual(documents[0]?.settings, [{ policy: 'BackupIntervalDays', value: 4 }]);
  assert.deepEqual(
    problems.map((problem) => wordsOf(problem)),
    [
      {
        reason: `${PATH}: EnableWindowsBackup cannot be "yes". It counts as not configured.`,
        remedy: 'Allowed: true, false',
      },
    ],
  );
});

test('a name that is not known stays in the document, decides nothing, and is told', () => {
  const { documents, problems } = read({ EnableWindowsBackups: true, SomethingNewer: 'much', Nested: { a: 1 } });

  assert.deepEqual(documents[0]?.settings, [
    { policy: 'EnableWindowsBackups', value: true },
    { policy: 'SomethingNewer', value: 'much' },
  ]);
  assert.deepEqual([...mergePolicies(documents).answers], []);
  assert.deepEqual(
    problems.map(({ code, facts }) => `${code} ${facts?.['policy']}`),
    ['policyUnknown EnableWindowsBackups', 'policyUnknown SomethingNewer', 'policyUnknown Nested'],
  );
});

test('a name of its own that is none is told, and the file goes by its path', () => {
  for (const name of [7, '', ' ', 'x'.repeat(201)]) {
    const { documents, problems } = read({ name, EnableWindowsBackup: true });
    assert.equal(documents[0]?.name, PATH);
    assert.deepEqual(
      problems.map(({ code, facts }) => `${code} ${facts?.['policy']}`),
      ['policyValueWrong name'],
    );
  }
});

test('what is not one JSON object is ignored as a whole, with where it goes wrong', () => {
  for (const text of ['', '[]', 'true', '"x"', 'null', '{"EnableWindowsBackup": true,}', "{'a': 1}"]) {
    const { documents, problems } = policyFileFrom(PATH, text);
    assert.deepEqual([documents, problems.map(({ code }) => code)], [[], ['policyFileNotJson']], text);
  }
  const [problem] = policyFileFrom(PATH, '{"EnableWindowsBackup": true,}').problems;
  assert.match(problem === undefined ? '' : wordsOf(problem).reason, /10-backup\.json is ignored.*position 29/);
});

test('a name that is there twice is told, and the last one counts', () => {
  const text = String.raw`{ "EnableWindowsBackup": true, "Deep": { "EnableRoaming": 1, "EnableRoaming": 2 },
    "name": "\"a\": {[", "Enable\u0057indowsBackup": false, "AllowedAppSources": ["https://a.example"] }`;

  const { documents, problems } = policyFileFrom(PATH, text);

  assert.deepEqual(documents[0]?.settings[0], { policy: 'EnableWindowsBackup', value: false });
  assert.deepEqual(
    problems.map(({ code, facts }) => `${code} ${facts?.['policy']}`),
    ['policyUnknown Deep', 'policyTwice EnableWindowsBackup'],
  );
});

test('a mark before the text, as editors of Windows write it, is no fault', () => {
  assert.deepEqual(policyFileFrom(PATH, '\uFEFF{"EnableWindowsBackup": true}').problems, []);
});

test('whatever stands in a file, reading it ends well, and only right values of known policies decide', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...POLICIES.map(({ name }) => name)), fc.jsonValue()), (content) => {
      const { documents, problems } = read(content);
      const counted = documents.flatMap(({ settings }) => settings.map(({ policy }) => policy));
      const refused = problems.map(({ facts }) => facts?.['policy']);
      assert.deepEqual([...counted, ...refused].toSorted(), Object.keys(content).toSorted());
    }),
  );
});
