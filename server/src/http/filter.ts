/**
 * $filter, as far as we have it: `name eq 'value'`, several joined by `and`.
 *
 * Source: graph-api conventions; OData 4.01 URL conventions 5.1.1 (a quote in a value is doubled).
 */

import { KnownError } from '@carryover/model/errors';

const CLAUSE = /^\s*([A-Za-z][\w/]*)\s+eq\s+(?:'((?:[^']|'')*)'|([\w.:{}@$-]+))\s*(?:(and)\s+|$)/;

/** What is asked for, by property. Errors: invalidRequest that names the properties allowed here. */
export function filterFrom<Name extends string>(
  text: string | undefined,
  allowed: readonly Name[],
): Readonly<Partial<Record<Name, string>>> {
  const found: Partial<Record<Name, string>> = {};
  let rest = text?.trim() ?? '';
  while (rest !== '') {
    const clause = CLAUSE.exec(rest);
    const name = allowed.find((one) => one === clause?.[1]);
    if (clause === null || name === undefined || name in found) throw unsupported(allowed);
    found[name] = clause[2]?.replaceAll("''", "'") ?? clause[3] ?? '';
    rest = rest.slice(clause[0].length);
    if (rest === '' && clause[4] !== undefined) throw unsupported(allowed);
  }
  return found;
}

function unsupported(allowed: readonly string[]): KnownError {
  const example = allowed.map((name) => `${name} eq '…'`).join(' and ');
  return new KnownError('invalidRequest', `$filter here is: ${example}. Each property at most once.`, {
    inner: 'filter',
    details: { allowed },
  });
}
