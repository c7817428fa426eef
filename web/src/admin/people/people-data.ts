/** People of the organization over Graph, and what a page must know of a file of people before it is sent. */

import type { GraphUser, ImportRefused, PeopleImported } from '@carryover/model/admin';
import { temporaryPassword } from '@carryover/model/admin';
import { KnownError } from '@carryover/model/errors';
import { type ImportFault, type ImportFile, peopleFrom } from '@carryover/model/people-import';
import type { Graph, GraphPage } from '../../shared/graph.ts';

const PEOPLE = '/v1.0/users';
/** The one password method that everybody has. Source: Graph, passwordAuthenticationMethod. */
const PASSWORD_METHOD = '28c10230-6103-485e-b985-444c60001490';

const personPath = (id: string) => `${PEOPLE}/${encodeURIComponent(id)}`;

/** Errors, of every function: as shared/graph.ts. */
export function listPeople(
  graph: Graph,
  search: string | undefined,
  { nextLink, signal }: { readonly nextLink?: string | undefined; readonly signal: AbortSignal },
): Promise<GraphPage<GraphUser>> {
  return nextLink === undefined
    ? graph.page(PEOPLE, { query: { $search: search }, signal })
    : graph.page(nextLink, { signal });
}

/** A password that somebody may know once. */
export interface OneTimePassword {
  readonly displayName: string;
  readonly userPrincipalName: string;
  readonly password: string;
}

/** Errors: conflict (nameTaken), invalidRequest. */
export async function addPerson(
  graph: Graph,
  person: { readonly displayName: string; readonly userPrincipalName: string },
): Promise<OneTimePassword> {
  const password = temporaryPassword(crypto.getRandomValues(new Uint8Array(20)));
  await graph.send('POST', PEOPLE, {
    body: {
      accountEnabled: true,
      ...person,
      mailNickname: person.userPrincipalName.split('@')[0],
      passwordProfile: { password, forceChangePasswordNextSignIn: true },
    },
  });
  return { ...person, password };
}

/** Errors: accessDenied (roleMissing, ownAccount). */
export async function enablePerson(graph: Graph, id: string, accountEnabled: boolean): Promise<void> {
  await graph.send('PATCH', personPath(id), { body: { accountEnabled } });
}

/** Ends all sign-ins of the person. Errors: accessDenied (roleMissing). */
export async function resetPassword(graph: Graph, person: GraphUser): Promise<OneTimePassword> {
  const path = `${personPath(person.id)}/authentication/methods/${PASSWORD_METHOD}/resetPassword`;
  const { newPassword } = await graph.send<{ newPassword: string }>('POST', path, { body: {} });
  const { displayName, userPrincipalName } = person;
  return { displayName, userPrincipalName, password: newPassword };
}

/** What the service will find in the file, except names that are taken. */
export function previewOf(csv: string): ImportFile {
  return peopleFrom(csv, (name) => name.normalize('NFKC').trim().toLowerCase());
}

export function importPeople(graph: Graph, csv: string): Promise<PeopleImported> {
  return graph.send('POST', '/beta/carryover/people/import', { content: { type: 'text/csv', data: csv } });
}

/** Every fault that the service found; undefined when it refused for something else. */
export function faultsOf(error: Error | null): readonly ImportFault[] | undefined {
  if (!(error instanceof KnownError) || error.inner !== 'csv') return undefined;
  return (error.details as Partial<ImportRefused>).faults;
}

/**
 * The passwords of an import as a file for spreadsheets: with a byte order mark, so that names keep their letters.
 *
 * A name that a spreadsheet would take for a formula gets an apostrophe in front. Source: RFC 4180.
 */
export function passwordsCsv({ value }: PeopleImported): string {
  const cell = (text: string) => `"${(/^[=+\-@\t\r]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const rows = value.map(({ displayName, userPrincipalName, temporaryPassword: password }) =>
    [displayName, userPrincipalName, password].map(cell).join(','),
  );
  return `\uFEFF${['displayName,userPrincipalName,temporaryPassword', ...rows].join('\r\n')}\r\n`;
}
