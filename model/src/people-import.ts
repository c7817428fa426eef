/**
 * People from a CSV file: what a file may look like, and every fault in it with its line.
 *
 * What csv.ts reads, and the template of Microsoft Entra ("version:v1.0" on top, names of columns in brackets), are taken.
 * Columns that are not known are passed over. Passwords in a file are refused: they are made here, and a file with passwords lies around.
 *
 * Pure. Source: the bulk create template of Microsoft Entra.
 */

import { csvRowsFrom } from './csv.ts';

interface Text {
  readonly en: string;
  readonly de: string;
}

export const MAX_IMPORTED_PEOPLE = 10_000;

/** Each fault's one sentence; `{value}` is what stands in the file, shortened. */
export const IMPORT_FAULTS = {
  empty: {
    en: 'The file has no people in it.',
    de: 'In der Datei stehen keine Personen.',
  },
  columnMissing: {
    en: 'There is no column "{value}". The first line names the columns: displayName, userPrincipalName.',
    de: 'Die Spalte „{value}“ fehlt. Die erste Zeile nennt die Spalten: displayName, userPrincipalName.',
  },
  passwordColumn: {
    en: 'Leave passwords out of the file: each person gets one here.',
    de: 'Lassen Sie Kennwörter aus der Datei weg: Jede Person erhält hier eines.',
  },
  tooManyPeople: {
    en: `More than ${MAX_IMPORTED_PEOPLE} people. Split the file.`,
    de: `Mehr als ${MAX_IMPORTED_PEOPLE} Personen. Teilen Sie die Datei.`,
  },
  quoteOpen: {
    en: 'A quotation mark is opened and never closed.',
    de: 'Ein Anführungszeichen wird geöffnet und nicht geschlossen.',
  },
  userPrincipalName: {
    en: '"{value}" is no user name. One looks like anna@example.org.',
    de: '„{value}“ ist kein Benutzername. Einer sieht so aus: anna@example.org.',
  },
  displayName: {
    en: 'A display name has 1 to 256 characters.',
    de: 'Ein Anzeigename hat 1 bis 256 Zeichen.',
  },
  nameTwice: {
    en: '{value} is in the file twice.',
    de: '{value} steht zweimal in der Datei.',
  },
  nameTaken: {
    en: 'There is an account named {value} already.',
    de: 'Es gibt schon ein Konto namens {value}.',
  },
} as const satisfies Record<string, Text>;
export type ImportFaultCode = keyof typeof IMPORT_FAULTS;

export interface ImportFault {
  /** From 1, as a spreadsheet counts. */
  readonly line: number;
  readonly code: ImportFaultCode;
  readonly value?: string;
}

export interface ImportRow {
  readonly line: number;
  readonly userPrincipalName: string;
  readonly displayName: string;
}

export interface ImportFile {
  readonly people: readonly ImportRow[];
  readonly faults: readonly ImportFault[];
}

/** Longest part of a value that a fault repeats, in characters. */
const MAX_VALUE = 80;

export function importFault(line: number, code: ImportFaultCode, value?: string): ImportFault {
  return { line, code, ...(value === undefined ? {} : { value: value.slice(0, MAX_VALUE) }) };
}

export function importFaultText({ code, value = '' }: ImportFault, language: 'en' | 'de'): string {
  return IMPORT_FAULTS[code][language].replaceAll('{value}', value);
}

/** `nameKey` makes names that are the same equal (the directory's own rule). Errors: none; faults are data. */
export function peopleFrom(text: string, nameKey: (name: string) => string): ImportFile {
  const { rows, openQuoteAt } = csvRowsFrom(text);
  if (openQuoteAt !== undefined) return { people: [], faults: [importFault(openQuoteAt, 'quoteOpen')] };
  const [head, ...body] = rows.filter(({ cells }, index) => !(index === 0 && /^version:/i.test(cells[0] ?? '')));
  const names = (head?.cells ?? []).map(columnFrom);
  const missing = ['displayName', 'userPrincipalName'].filter((name) => !names.includes(name.toLowerCase()));
  if (missing.length > 0)
    return { people: [], faults: missing.map((name) => importFault(head?.line ?? 1, 'columnMissing', name)) };
  if (body.length === 0) return { people: [], faults: [importFault(head?.line ?? 1, 'empty')] };
  if (body.length > MAX_IMPORTED_PEOPLE)
    return { people: [], faults: [importFault(body[MAX_IMPORTED_PEOPLE]?.line ?? 1, 'tooManyPeople')] };

  const cell = (cells: readonly string[], name: string) => (cells[names.indexOf(name)] ?? '').trim();
  const seen = new Set<string>();
  const people: ImportRow[] = [];
  const faults: ImportFault[] = [];
  for (const { line, cells } of body) {
    const [userPrincipalName, displayName] = [cell(cells, 'userprincipalname'), cell(cells, 'displayname')];
    if (!isUserPrincipalName(userPrincipalName)) faults.push(importFault(line, 'userPrincipalName', userPrincipalName));
    else if (seen.has(nameKey(userPrincipalName))) faults.push(importFault(line, 'nameTwice', userPrincipalName));
    else seen.add(nameKey(userPrincipalName));
    if (displayName === '' || displayName.length > 256) faults.push(importFault(line, 'displayName'));
    if (cell(cells, 'passwordprofile') !== '' || cell(cells, 'password') !== '')
      faults.push(importFault(line, 'passwordColumn'));
    people.push({ line, userPrincipalName, displayName });
  }
  return { people, faults };
}

/** The rule of the directory: something, one @, something. */
export function isUserPrincipalName(text: string): boolean {
  return /^[^\s@]{1,64}@[^\s@]{1,255}$/.test(text);
}

/** "Name [displayName] Required" and "displayName" name the same column. */
function columnFrom(cell: string): string {
  return (/\[(\w+)\]/.exec(cell)?.[1] ?? cell).trim().toLowerCase();
}

/**
 * The passwords as a file for a spreadsheet. A name that a spreadsheet would take for a formula is made text.
 *
 * Source: OWASP, CSV injection.
 */
export function passwordsCsv(
  people: readonly {
    readonly displayName: string;
    readonly userPrincipalName: string;
    readonly temporaryPassword: string;
  }[],
): string {
  const lines = people.map(({ displayName, userPrincipalName, temporaryPassword }) =>
    [displayName, userPrincipalName, temporaryPassword].map(quoted).join(','),
  );
  return ['displayName,userPrincipalName,temporaryPassword', ...lines, ''].join('\r\n');
}

function quoted(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
