import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { filterFrom } from './filter.ts';

const NAMES = ['settingType', 'windowsDeviceId'] as const;

test('properties are compared with values, several joined by and', () => {
  assert.deepEqual(filterFrom("settingType eq 'backup' and windowsDeviceId eq 'x'", NAMES), {
    settingType: 'backup',
    windowsDeviceId: 'x',
  });
  assert.deepEqual(filterFrom(undefined, NAMES), {});
  assert.deepEqual(filterFrom('windowsDeviceId eq 3fa85f64-5717-4562-b3fc-2c963f66afa6', NAMES), {
    windowsDeviceId: '3fa85f64-5717-4562-b3fc-2c963f66afa6',
  });
});

test('any text is a value when its quotes are doubled', () => {
  fc.assert(
    fc.property(fc.string(), (value) => {
      const text = `settingType eq '${value.replaceAll("'", "''")}' and windowsDeviceId eq 'y'`;

      assert.deepEqual(filterFrom(text, NAMES), { settingType: value, windowsDeviceId: 'y' });
    }),
  );
});

test('whatever else is refused, naming what may be asked', () => {
  for (const wrong of [
    "other eq 'x'",
    "settingType ne 'x'",
    "settingType eq 'x' or windowsDeviceId eq 'y'",
    "settingType eq 'x' and",
    "settingType eq 'x' and settingType eq 'y'",
    "settingType eq 'x",
    'settingType',
    "settingType eq 'x' windowsDeviceId eq 'y'",
  ])
    assert.throws(() => filterFrom(wrong, NAMES), { code: 'invalidRequest', message: /settingType eq '…'/ }, wrong);
});
