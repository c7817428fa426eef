/**
 * The value of an omaSetting by the type that it names: a device of Microsoft's is sent both, so one that does not fit is
 * refused where it is written down, known OMA-URI or not.
 *
 * Source: Graph, omaSetting and what derives from it.
 */

import { KnownError } from '@carryover/model/errors';
import { OMA_TYPES, type OmaSetting } from '@carryover/model/policy-oma';

type ValueType = (typeof OMA_TYPES)[keyof typeof OMA_TYPES];

const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,7})?(Z|[+-]\d{2}:\d{2})$/;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const [INT_MIN, INT_MAX] = [-(2 ** 31), 2 ** 31 - 1];

const RULES: Readonly<Record<ValueType, { readonly allowed: string; readonly fits: (value: unknown) => boolean }>> = {
  string: { allowed: 'a text', fits: (value) => typeof value === 'string' },
  boolean: { allowed: 'true or false', fits: (value) => typeof value === 'boolean' },
  integer: {
    allowed: `a whole number from ${INT_MIN} to ${INT_MAX}`,
    fits: (value) => Number.isInteger(value) && Number(value) >= INT_MIN && Number(value) <= INT_MAX,
  },
  number: { allowed: 'a number', fits: (value) => typeof value === 'number' },
  dateTime: {
    allowed: 'a moment as 2026-11-26T08:00:00Z',
    fits: (value) => typeof value === 'string' && DATE_TIME.test(value) && !Number.isNaN(Date.parse(value)),
  },
  base64: { allowed: 'bytes in Base64', fits: (value) => typeof value === 'string' && BASE64.test(value) },
};

/** Errors: invalidRequest with details.property and details.allowed. */
export function mustBeOfItsType(setting: OmaSetting, property: string): void {
  const { allowed, fits } = RULES[OMA_TYPES[setting['@odata.type']]];
  if (fits(setting.value)) return;
  throw new KnownError('invalidRequest', `${property}: It is ${allowed}.`, {
    inner: 'setting',
    details: { property, allowed: [allowed] },
  });
}
