import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { LIMIT_VALUES, POLICIES } from '@carryover/model/policy-definitions';
import { OMA_TYPES, type OmaSetting, type OmaType } from '@carryover/model/policy-oma';
import { knownAs, rowFault, rowOf, rowsFrom, settingFrom } from './oma-rows.ts';

const VALUES: Readonly<Record<OmaType, readonly [value: unknown, typed: string, becomes: unknown]>> = {
  '#microsoft.graph.omaSettingString': ['a', 'b', 'b'],
  '#microsoft.graph.omaSettingBoolean': [true, 'false', false],
  '#microsoft.graph.omaSettingInteger': [4, '5', 5],
  '#microsoft.graph.omaSettingFloatingPoint': [4.5, '-0.25', -0.25],
  '#microsoft.graph.omaSettingDateTime': ['2026-11-26T08:00:00Z', '2027-01-01T00:00:00Z', '2027-01-01T00:00:00Z'],
  '#microsoft.graph.omaSettingBase64': ['AAEC', 'AAED', 'AAED'],
  '#microsoft.graph.omaSettingStringXml': ['PGEvPg==', '<ü/>', 'PMO8Lz4='],
};

for (const type of Object.keys(OMA_TYPES) as OmaType[])
  test(`${type} goes back as it came, and as it was typed`, () => {
    const [value, typed, becomes] = VALUES[type];
    const given: OmaSetting & { fileName: string } = {
      '@odata.type': type,
      omaUri: './Device/Vendor/Other',
      value,
      fileName: 'kept.xml',
    };
    const [row] = rowsFrom([given]);
    assert.ok(row);

    assert.deepEqual(settingFrom(row), given);
    assert.deepEqual(settingFrom({ ...row, text: typed }), { ...given, value: becomes });
  });

test('what is no number goes as it was typed, for the service to say what is wrong', () => {
  const [row] = rowsFrom([{ '@odata.type': '#microsoft.graph.omaSettingInteger', omaUri: './a', value: 1 }]);
  assert.ok(row);
  assert.equal(settingFrom({ ...row, text: 'many' }).value, 'many');
});

test('a row that is begun with a policy says what that policy is', () => {
  for (const policy of POLICIES) {
    const known = knownAs(rowOf(policy, 'en', 'k'));
    assert.equal(known?.definition, policy);
    assert.notEqual(known?.value, undefined, policy.name);
    if (policy.kind === 'limit') assert.ok(LIMIT_VALUES.some((value) => value === known?.value));
  }
});

test('a fault of the service is found at its row and field, however the place is spelled', () => {
  const rows = rowsFrom(
    ['./a', './b'].map((omaUri) => ({ '@odata.type': '#microsoft.graph.omaSettingString', omaUri, value: '' })),
  );
  const fault = (property: string) =>
    rowFault(new KnownError('invalidRequest', 'Wrong.', { details: { property } }), rows);

  assert.deepEqual(fault('omaSettings[1].value'), { key: '1', field: 'value', message: 'Wrong.' });
  assert.deepEqual(fault('body.omaSettings.0.omaUri'), { key: '0', field: 'omaUri', message: 'Wrong.' });
  assert.equal(fault('body.displayName'), undefined);
  assert.equal(fault('omaSettings[2].value'), undefined);
});
