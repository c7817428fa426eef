/** The words of `carryover admin`, as data: help is made from it and arguments are read by it. */

import { parseArgs } from 'node:util';
import { KnownError } from '@carryover/model/errors';

interface Word {
  readonly summary: string;
  /** Names of what follows the word; those in brackets may be left out. */
  readonly takes: readonly string[];
  readonly options?: Readonly<Record<string, { readonly type: 'boolean' | 'string'; readonly text: string }>>;
}

const PASSWORD = {
  'password-stdin': { type: 'boolean', text: 'Read the password from standard input instead of making one.' },
  'keep-password': { type: 'boolean', text: 'The person need not choose a new one at the next sign-in.' },
} as const;

const WORDS = {
  'set-up': { summary: 'Print the page where an organization is set up.', takes: ['[SERVICE]'] },
  'sign-in': { summary: 'Sign in as an administrator, in the browser.', takes: ['LINK'] },
  'sign-out': { summary: 'Forget the sign-in on this machine.', takes: [] },
  status: { summary: 'Show the switches, and who you are.', takes: [] },
  backup: { summary: 'Switch "Enable Windows Backup" for everybody.', takes: ['on|off'] },
  restore: { summary: 'Switch "Show restore page" for everybody.', takes: ['on|off'] },
  joining: { summary: 'Say who may join PCs by signing in; a token always joins.', takes: ['all|none'] },
  'device-code': { summary: 'Allow sign-in with a code on another device, for backups.', takes: ['on|off'] },
  'person add': { summary: 'Add a person; prints their password once.', takes: ['UPN', 'NAME'], options: PASSWORD },
  'person reset': { summary: 'Give a person a new password; prints it once.', takes: ['UPN'], options: PASSWORD },
  'person disable': { summary: 'End all sign-ins of a person and allow no more.', takes: ['UPN'] },
  'person enable': { summary: 'Let a disabled person sign in again.', takes: ['UPN'] },
  'token create': {
    summary: "Make an enrollment link: PCs that use it become the organization's.",
    takes: [],
    options: {
      uses: { type: 'string', text: 'How many PCs may use it. Default 1.' },
      days: { type: 'string', text: 'How many days it works. Default 3.' },
    },
  },
  'token list': { summary: 'List the enrollment links that still work.', takes: [] },
  'token remove': { summary: 'Make an enrollment link worthless.', takes: ['ID'] },
} as const satisfies Record<string, Word>;
export type WordName = keyof typeof WORDS;

export interface Parsed {
  readonly word: WordName;
  readonly arguments: readonly string[];
  readonly flags: ReadonlySet<string>;
  readonly values: Readonly<Record<string, string>>;
}

/** Errors: invalidRequest (usage). */
export function parsed(args: readonly string[]): Parsed {
  const typed = args.filter((arg) => !arg.startsWith('-'));
  const names = Object.keys(WORDS) as WordName[];
  const found = names.find((name) => name.split(' ').every((part, index) => typed[index] === part));
  if (found === undefined) throw misused(`There is no command "${['admin', ...typed.slice(0, 2)].join(' ')}".`);
  const word: Word = WORDS[found];
  const options = { ...word.options, json: { type: 'boolean', text: '' } as const };
  const { values, positionals } = read(args, options);
  const rest = positionals.slice(found.split(' ').length);
  const missing = word.takes.filter((name) => !name.startsWith('['))[rest.length];
  if (missing !== undefined) throw misused(`${missing} is missing.`, found);
  if (rest.length > word.takes.length) throw misused(`"${rest.at(-1)}" is one word too many.`, found);
  return {
    word: found,
    arguments: rest,
    flags: new Set(Object.keys(values).filter((name) => values[name] === true)),
    values: Object.fromEntries(
      Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
    ),
  };
}

function read(args: readonly string[], options: Readonly<Record<string, { readonly type: 'boolean' | 'string' }>>) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw misused(`${(error as Error).message.split(/[.\n]/)[0]}.`);
  }
}

/** A whole number that an option gave. Errors: invalidRequest (usage). */
export function numberOf(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw misused(`"${text}" is not a whole number from 1.`);
}

/** Errors: invalidRequest (usage). */
export function isOn(text: string | undefined): boolean {
  if (text === 'on' || text === 'off') return text === 'on';
  throw misused(`"${text}" is neither "on" nor "off".`);
}

/** Errors: invalidRequest (usage). */
export function isAll(text: string | undefined): boolean {
  if (text === 'all' || text === 'none') return text === 'all';
  throw misused(`"${text}" is neither "all" nor "none".`);
}

function misused(sentence: string, name?: WordName): KnownError {
  const usage = name === undefined ? 'See: carryover admin --help' : `Usage: ${usageOf(name)}`;
  return new KnownError('invalidRequest', `${sentence} ${usage}`, { inner: 'usage' });
}

function usageOf(name: WordName): string {
  return ['carryover admin', name, ...WORDS[name].takes].join(' ');
}

/** What `carryover admin --help` prints. */
export function help(): string {
  const rows = (Object.keys(WORDS) as WordName[]).flatMap((name): [string, string][] => {
    const word: Word = WORDS[name];
    const options = Object.entries(word.options ?? {}).map(([option, { type, text }]): [string, string] => [
      `    --${option}${type === 'string' ? ' NUMBER' : ''}`,
      text,
    ]);
    return [[`  ${[name, ...word.takes].join(' ')}`, word.summary], ...options];
  });
  const width = Math.max(...rows.map(([left]) => left.length));
  return [
    'What administrators do, from a terminal: each is an ordinary Graph call after a sign-in.',
    '',
    'Usage: carryover admin COMMAND [--json]',
    '',
    ...rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`),
    '',
    'First: carryover admin sign-in LINK, with the link that the last set-up page shows.',
  ].join('\n');
}
