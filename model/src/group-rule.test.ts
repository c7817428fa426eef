import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { KnownError } from './errors.ts';
import { groupRuleFrom, MAX_RULE_DEPTH, MAX_RULE_LENGTH, type RuleSubject, ruleHolds } from './group-rule.ts';

const ANNA: RuleSubject = {
  user: {
    objectId: '6f0e9d53-3c1b-4e6c-9c9e-0a6c0c5d7b11',
    userPrincipalName: 'anna@contoso.example',
    displayName: 'Anna "Ann" Arendt',
    department: 'Finance',
    accountEnabled: true,
  },
  device: {
    deviceId: '11111111-2222-4333-8444-555555555555',
    displayName: 'AUE-0042',
    deviceOSType: 'Linux',
    deviceOSVersion: 'debian 12 gnome 43',
    deviceTrustType: 'AzureAD',
  },
};
const NOBODY: RuleSubject = { user: {}, device: {} };

const asked = (rule: string, subject = ANNA) => ruleHolds(groupRuleFrom(rule), subject);

test('each operator says what it says of a value, and of none', () => {
  const table: [rule: string, anna: boolean, nobody: boolean][] = [
    ['user.department -eq "finance"', true, false],
    ['user.department -eq "Fin"', false, false],
    ['user.department -ne "finance"', false, true],
    ['user.department -startsWith "FIN"', true, false],
    ['user.department -notStartsWith "FIN"', false, true],
    ['user.department -contains "nan"', true, false],
    ['user.department -notContains "nan"', false, true],
    ['user.department -in ["Sales", "Finance"]', true, false],
    ['user.department -in ["Sales"]', false, false],
    ['user.department -notIn ["Sales", "Finance"]', false, true],
    ['user.department -eq null', false, true],
    ['user.department -ne null', true, false],
    ['user.accountEnabled -eq true', true, false],
    ['user.accountEnabled -ne true', false, true],
    ['user.accountEnabled -eq false', false, false],
    ['user.userPrincipalName -contains "@contoso."', true, false],
    ['user.displayName -contains "`"Ann`""', true, false],
    ['user.displayName -contains """ann"""', true, false],
    ['user.displayName -eq \'Anna "Ann" Arendt\'', true, false],
    ['user.objectId -eq "6F0E9D53-3C1B-4E6C-9C9E-0A6C0C5D7B11"', true, false],
    ['device.displayName -startsWith "aue-"', true, false],
    ['device.deviceId -ne null', true, false],
    ['device.deviceOSType -eq "Linux"', true, false],
    ['device.operatingSystem -eq "Linux"', true, false],
    ['device.deviceOSVersion -startsWith "debian 12"', true, false],
    ['device.operatingSystemVersion -startsWith "debian 13"', false, false],
    ['device.deviceTrustType -eq "AzureAD"', true, false],
    ['device.trustType -in ["ServerAD", "Workplace"]', false, false],
  ];
  for (const [rule, anna, nobody] of table) {
    assert.equal(asked(rule), anna, rule);
    assert.equal(asked(rule, NOBODY), nobody, `${rule} of nobody`);
  }
});

test('not binds before and, and before or, and parentheses before all', () => {
  const [yes, no] = ['user.department -eq "Finance"', 'user.department -eq "Sales"'];
  const table: [string, boolean][] = [
    [`${yes} or ${no} and ${no}`, true],
    [`(${yes} or ${no}) and ${no}`, false],
    [`not ${no} and ${yes}`, true],
    [`not ${yes} or ${yes}`, true],
    [`not (${yes} or ${no})`, false],
    [`-not (${no}) -and ((${yes}))`, true],
    [`${no} -OR NOT not ${yes}`, true],
    [`(${yes}) and not (device.displayName -startsWith "AUE-")`, false],
    [`(${yes}) and not (device.displayName -startsWith "MUC-")`, true],
  ];
  for (const [rule, expected] of table) assert.equal(asked(rule), expected, rule);
});

test('a rule says whether it is about people, devices or both', () => {
  assert.equal(groupRuleFrom('user.department -eq "Finance"').about, 'user');
  assert.equal(groupRuleFrom('not (DEVICE.trusttype -eq "AzureAD")').about, 'device');
  assert.equal(groupRuleFrom('user.department -eq null or device.deviceId -ne null').about, 'both');
});

test('what is wrong is named with its position and what is allowed there', () => {
  const table: [string, RegExp][] = [
    ['', /^membershipRule, character 1: expected "not", "\(" or one of user\.objectId, user\.userPrincipalName, /],
    ['user.mail -eq "x"', /character 1: expected .* one of .*user\.department.*device\.trustType\.$/],
    ['user.constructor -eq "x"', /character 1: expected .* one of/],
    ['user.department', /character 16: expected one of -eq, -ne, /],
    ['user.department -like "x"', /character 17: expected one of -eq, -ne, /],
    ['user.department -match "^Fin"', /character 17: .*use -startsWith or -contains/],
    ['user.department -notMatch "^Fin"', /character 17: .*use -startsWith or -contains/],
    ['user.department -eq Finance', /character 21: expected a text in quotes that is not empty, or null/],
    ['user.department -eq ""', /character 21: expected a text in quotes that is not empty/],
    ['user.department -contains null', /character 27: expected a text in quotes/],
    ['user.department -eq "Finance', /character 21: expected a text that ends with the quote/],
    ['user.department -in "Finance"', /character 21: expected a list after -in/],
    ['user.department -in ["Finance" "Sales"]', /character 32: expected "," or "\]"/],
    ['user.department -in []', /character 22: expected a text in quotes/],
    ['user.accountEnabled -eq "true"', /character 25: expected true or false/],
    ['user.accountEnabled -contains true', /character 21: expected -eq or -ne/],
    ['user.accountEnabled -in [true]', /character 21: expected -eq or -ne/],
    ['(user.department -eq "Finance"', /character 31: expected "and", "or" or "\)"/],
    ['user.department -eq "Finance")', /character 30: expected "and", "or" or the end of the rule/],
    ['user.department -eq "Finance" user.department -eq "x"', /character 31: expected "and", "or"/],
    ['user.department = "Finance"', /character 17: expected a property, an operator/],
  ];
  for (const [rule, message] of table)
    assert.throws(() => groupRuleFrom(rule), { code: 'invalidRequest', inner: 'membershipRule', message }, rule);
});

test('a rule is bounded in length and depth, not in the length of a chain', () => {
  const one = 'device.deviceId -ne null';
  const nested = (depth: number) => `${'('.repeat(depth)}${one}${')'.repeat(depth)}`;

  assert.equal(asked(nested(MAX_RULE_DEPTH)), true);
  assert.throws(() => groupRuleFrom(nested(MAX_RULE_DEPTH + 1)), { message: /character 22: expected at most 20/ });
  assert.throws(() => groupRuleFrom(`${'not '.repeat(MAX_RULE_DEPTH + 1)}${one}`), { message: /at most 20/ });
  assert.equal(asked(Array.from({ length: 100 }, () => one).join(' and ')), true);
  assert.throws(() => groupRuleFrom(`${one}${' '.repeat(MAX_RULE_LENGTH)}`), { message: /more than 3072 characters/ });
});

/** A rule as text, and what it must answer for ANNA, made side by side. */
const generated = fc.letrec<{ rule: { text: string; value: boolean } }>((tie) => ({
  rule: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc
      .record({ department: fc.constantFrom('Finance', 'Sales'), operator: fc.constantFrom('-eq', '-ne') })
      .map(({ department, operator }) => ({
        text: `user.department ${operator} "${department}"`,
        value: (department === 'Finance') === (operator === '-eq'),
      })),
    tie('rule').map(({ text, value }) => ({ text: `not (${text})`, value: !value })),
    fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => ({
      text: `(${a.text}) and (${b.text})`,
      value: a.value && b.value,
    })),
    fc.tuple(tie('rule'), tie('rule')).map(([a, b]) => ({
      text: `(${a.text}) -or (${b.text})`,
      value: a.value || b.value,
    })),
  ),
})).rule;

test('any rule answers what its parts say together', () => {
  fc.assert(
    fc.property(generated, ({ text, value }) => {
      fc.pre(text.length <= MAX_RULE_LENGTH);
      assert.equal(asked(text), value);
    }),
  );
});

test('any text is a rule or is refused with a position in it', () => {
  const words = fc.constantFrom(
    'user.department',
    '-eq',
    '"x"',
    '(',
    ')',
    'not',
    'and',
    '-in',
    '[',
    ']',
    ',',
    'null',
    '`',
  );
  const texts = fc.oneof(
    fc.string(),
    fc.array(words).map((parts) => parts.join(' ')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        groupRuleFrom(text);
      } catch (error) {
        assert.ok(error instanceof KnownError);
        const { position } = error.details;
        assert.ok(typeof position === 'number' && position >= 1 && position <= text.length + 1, error.message);
      }
    }),
    { numRuns: 500 },
  );
});
