/**
 * People from a file, all of them or none: read, judged and refused with every fault at once before anything is written.
 *
 * Each gets a one-time password, shown this once, that must be changed at the first sign-in. Hashing runs beside the event
 * loop, a few at a time.
 *
 * Source: docs/decisions/2026-11-25-people-by-csv.md.
 */

import { randomBytes } from 'node:crypto';
import { type ImportedPerson, temporaryPassword } from '@carryover/model/admin';
import { KnownError } from '@carryover/model/errors';
import {
  type ImportFault,
  type ImportRow,
  importFault,
  importFaultText,
  peopleFrom,
} from '@carryover/model/people-import';
import { type Change, freshSalt } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { addUsers, type ImportedUser } from './administration.ts';
import { hashOneTimePassword } from './passwords.ts';
import { nameKey, takenNames } from './store.ts';

/** Hashed at the same time; the thread pool has four threads, and others need it, too. */
const HASHED_AT_ONCE = 2;

/** Errors: invalidRequest (inner csv, details.faults), conflict (nameTaken). */
export async function importPeople(store: Store, change: Change, csv: string): Promise<ImportedPerson[]> {
  const { people, faults } = peopleFrom(csv, nameKey);
  const taken = await takenNames(
    store,
    change.tenantId,
    people.map(({ userPrincipalName }) => userPrincipalName),
  );
  const all = [
    ...faults,
    ...people
      .filter(({ userPrincipalName }) => taken.has(nameKey(userPrincipalName)))
      .map(({ line, userPrincipalName }) => importFault(line, 'nameTaken', userPrincipalName)),
  ].toSorted((a, b) => a.line - b.line);
  if (all.length > 0) throw refused(all);

  const made = await inParts(people, HASHED_AT_ONCE, withPassword);
  await store.write(
    addUsers,
    change,
    made.map(({ user }) => user),
  );
  return made.map(({ person }) => person);
}

async function withPassword(row: ImportRow): Promise<{ user: ImportedUser; person: ImportedPerson }> {
  const { line, userPrincipalName, displayName } = row;
  const password = temporaryPassword(randomBytes(20));
  const id = crypto.randomUUID();
  const passwordHash = await hashOneTimePassword(password);
  const user = { userPrincipalName, displayName, passwordHash, mustChangePassword: true, roles: [] };
  return {
    user: { ...user, userId: id, salt: freshSalt() },
    person: { line, id, userPrincipalName, displayName, temporaryPassword: password },
  };
}

/** In order, so many at a time. */
async function inParts<Item, Result>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let start = 0; start < items.length; start += atOnce)
    results.push(...(await Promise.all(items.slice(start, start + atOnce).map(work))));
  return results;
}

function refused(faults: readonly ImportFault[]): KnownError {
  const [first] = faults;
  const sentence = first === undefined ? '' : ` First: line ${first.line}, ${importFaultText(first, 'en')}`;
  return new KnownError(
    'invalidRequest',
    `Nobody was added: ${faults.length} ${faults.length === 1 ? 'fault' : 'faults'} in the file.${sentence}`,
    { inner: 'csv', details: { faults } },
  );
}
