/**
 * Membership rules of dynamic groups: a documented part of Entra's language, read once and then asked for one person on
 * one device.
 *
 *     (user.department -eq "Finance") and not (device.displayName -startsWith "AUE-")
 *
 * Operators are written with or without case; "not" binds before "and", "and" before "or", and each of them may carry a
 * hyphen. Texts are compared without regard to case. Other than in Entra, one rule may name people and devices: here a
 * person is always on a device. There is no -match: no regular expression ever comes from a rule.
 *
 * Pure: no I/O, no clock. Bounded: length, depth and the time of an answer (one comparison for each one in the text).
 * Source: Entra, "Manage rules for dynamic membership groups"; docs/decisions/2026-11-26-groups-and-roles.md.
 */

import { KnownError } from './errors.ts';

/** Entra's own limit, in UTF-16 code units. */
export const MAX_RULE_LENGTH = 3072;

/** Parentheses and "not" inside each other. People need two or three. */
export const MAX_RULE_DEPTH = 20;

/** One person on one device, in Entra's words. What is undefined is null in a rule. */
export interface RuleSubject {
  readonly user: {
    readonly objectId?: string | undefined;
    readonly userPrincipalName?: string | undefined;
    readonly displayName?: string | undefined;
    readonly department?: string | undefined;
    readonly accountEnabled?: boolean | undefined;
  };
  readonly device: {
    readonly deviceId?: string | undefined;
    readonly displayName?: string | undefined;
    /** "Windows" or "Linux". */
    readonly deviceOSType?: string | undefined;
    /** The build as the device says it: "26100.4946", "debian 12 gnome 43". */
    readonly deviceOSVersion?: string | undefined;
    /** "AzureAD": joined, "ServerAD": hybrid, "Workplace": registered. */
    readonly deviceTrustType?: string | undefined;
  };
}

type Value = string | boolean | undefined;

/** How to read each property, by its name in small letters. The names of Graph's device resource are understood, too. */
const PROPERTIES: Readonly<Record<string, { readonly name: string; readonly of: (subject: RuleSubject) => Value }>> =
  Object.fromEntries(
    [
      { name: 'user.objectId', of: ({ user }: RuleSubject): Value => user.objectId },
      { name: 'user.userPrincipalName', of: ({ user }: RuleSubject) => user.userPrincipalName },
      { name: 'user.displayName', of: ({ user }: RuleSubject) => user.displayName },
      { name: 'user.department', of: ({ user }: RuleSubject) => user.department },
      { name: 'user.accountEnabled', of: ({ user }: RuleSubject) => user.accountEnabled },
      { name: 'device.deviceId', of: ({ device }: RuleSubject) => device.deviceId },
      { name: 'device.displayName', of: ({ device }: RuleSubject) => device.displayName },
      { name: 'device.deviceOSType', of: ({ device }: RuleSubject) => device.deviceOSType },
      { name: 'device.operatingSystem', of: ({ device }: RuleSubject) => device.deviceOSType },
      { name: 'device.deviceOSVersion', of: ({ device }: RuleSubject) => device.deviceOSVersion },
      { name: 'device.operatingSystemVersion', of: ({ device }: RuleSubject) => device.deviceOSVersion },
      { name: 'device.deviceTrustType', of: ({ device }: RuleSubject) => device.deviceTrustType },
      { name: 'device.trustType', of: ({ device }: RuleSubject) => device.deviceTrustType },
    ].map((property) => [property.name.toLowerCase(), property]),
  );

const FLAGS = ['user.accountenabled'];

type Test = (value: string, wanted: readonly string[]) => boolean;

const equals: Test = (value, wanted) => wanted.includes(value);
const starts: Test = (value, [wanted = '']) => value.startsWith(wanted);
const contains: Test = (value, [wanted = '']) => value.includes(wanted);

/** A negated operator holds for what has no value. */
const OPERATORS: Readonly<Record<string, { readonly name: string; readonly test: Test; readonly negated?: true }>> = {
  eq: { name: '-eq', test: equals },
  ne: { name: '-ne', test: equals, negated: true },
  startswith: { name: '-startsWith', test: starts },
  notstartswith: { name: '-notStartsWith', test: starts, negated: true },
  contains: { name: '-contains', test: contains },
  notcontains: { name: '-notContains', test: contains, negated: true },
  in: { name: '-in', test: equals },
  notin: { name: '-notIn', test: equals, negated: true },
};

interface Comparison {
  readonly kind: 'compare';
  readonly read: (subject: RuleSubject) => Value;
  readonly test: Test;
  readonly negated: boolean;
  /** In small letters; undefined asks for null. */
  readonly wanted: readonly string[] | undefined;
}

type Rule =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Rule[] }
  | { readonly kind: 'not'; readonly of: Rule }
  | Comparison;

export interface GroupRule {
  /** Whether the rule asks about the person, the device or both: whom a list of its members names. */
  readonly about: 'user' | 'device' | 'both';
  readonly rule: Rule;
}

/** Errors: invalidRequest, naming the position (from 1) and what is allowed there. */
export function groupRuleFrom(text: string): GroupRule {
  if (text.length > MAX_RULE_LENGTH)
    throw new KnownError('invalidRequest', `membershipRule has more than ${MAX_RULE_LENGTH} characters.`, {
      inner: 'membershipRule',
    });
  const reader = readerOf(tokensOf(text), text.length);
  const rule = anyOf(reader, 0);
  if (reader.peek() !== undefined) throw refused(reader.at(), '"and", "or" or the end of the rule');
  const people = reader.asked.has('user');
  return { about: people ? (reader.asked.has('device') ? 'both' : 'user') : 'device', rule };
}

/** Whether `subject` is in the group. */
export function ruleHolds({ rule }: GroupRule, subject: RuleSubject): boolean {
  return holds(rule, subject);
}

/** As deep as the rule's parentheses, at most MAX_RULE_DEPTH times three. */
function holds(rule: Rule, subject: RuleSubject): boolean {
  if (rule.kind === 'compare') return compares(rule, subject);
  if (rule.kind === 'not') return !holds(rule.of, subject);
  return rule.kind === 'and'
    ? rule.of.every((part) => holds(part, subject))
    : rule.of.some((part) => holds(part, subject));
}

function compares({ read, test, negated, wanted }: Comparison, subject: RuleSubject): boolean {
  const value = read(subject);
  // A text without characters is no value either: Graph has no empty texts.
  const missing = value === undefined || value === '';
  const found = wanted === undefined ? missing : !missing && test(String(value).toLowerCase(), wanted);
  return found !== negated;
}

interface Token {
  /** From 0. */
  readonly at: number;
  readonly kind: 'word' | 'text' | '(' | ')' | '[' | ']' | ',';
  readonly text: string;
}

const WHITE = /\s/;
const WORD = /[A-Za-z0-9._-]/;

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const sign = text[at] ?? '';
    const start = at;
    if (WHITE.test(sign)) at += 1;
    else if (sign === '(' || sign === ')' || sign === '[' || sign === ']' || sign === ',') {
      tokens.push({ at, kind: sign, text: sign });
      at += 1;
    } else if (sign === '"' || sign === "'") {
      const { value, end } = quoted(text, at);
      tokens.push({ at, kind: 'text', text: value });
      at = end;
    } else if (WORD.test(sign)) {
      while (at < text.length && WORD.test(text[at] ?? '')) at += 1;
      tokens.push({ at: start, kind: 'word', text: text.slice(start, at) });
    } else throw refused(at, 'a property, an operator, a text in quotes, a parenthesis or a bracket');
  }
  return tokens;
}

/** A backtick before a sign takes it as it is, as in Entra; a quote written twice is one. */
function quoted(text: string, start: number): { value: string; end: number } {
  const quote = text[start];
  let value = '';
  for (let at = start + 1; at < text.length; at += 1) {
    const sign = text[at] ?? '';
    const escaped = sign === '`' || (sign === quote && text[at + 1] === quote);
    if (!escaped && sign === quote) return { value, end: at + 1 };
    if (escaped) at += 1;
    value += text[at] ?? '';
  }
  throw refused(start, 'a text that ends with the quote it begins with');
}

interface Reader {
  readonly peek: () => Token | undefined;
  readonly take: () => Token | undefined;
  /** Where the next token stands, or the end. */
  readonly at: () => number;
  /** "user", "device": whose properties were met. */
  readonly asked: Set<string>;
}

function readerOf(tokens: readonly Token[], end: number): Reader {
  let next = 0;
  return {
    peek: () => tokens[next],
    take() {
      next += 1;
      return tokens[next - 1];
    },
    at: () => tokens[next]?.at ?? end,
    asked: new Set(),
  };
}

/** Takes the next token when it is this word, with or without a hyphen. */
function took(reader: Reader, word: string): boolean {
  const token = reader.peek();
  const found = token?.kind === 'word' && [word, `-${word}`].includes(token.text.toLowerCase());
  if (found) reader.take();
  return found;
}

function anyOf(reader: Reader, depth: number): Rule {
  return joined('or', reader, () => joined('and', reader, () => oneOf(reader, depth)));
}

/** One list for a chain, however long: its length adds no depth. */
function joined(kind: 'and' | 'or', reader: Reader, part: () => Rule): Rule {
  const first = part();
  const of = [first];
  while (took(reader, kind)) of.push(part());
  return of.length === 1 ? first : { kind, of };
}

function oneOf(reader: Reader, depth: number): Rule {
  if (depth > MAX_RULE_DEPTH)
    throw refused(reader.at(), `at most ${MAX_RULE_DEPTH} parentheses and "not" inside each other`);
  if (took(reader, 'not')) return { kind: 'not', of: oneOf(reader, depth + 1) };
  if (reader.peek()?.kind !== '(') return comparison(reader);
  reader.take();
  const rule = anyOf(reader, depth + 1);
  if (reader.peek()?.kind !== ')') throw refused(reader.at(), '"and", "or" or ")"');
  reader.take();
  return rule;
}

function comparison(reader: Reader): Rule {
  const at = reader.at();
  const token = reader.take();
  const key = token?.kind === 'word' ? token.text.toLowerCase() : '';
  const property = Object.hasOwn(PROPERTIES, key) ? PROPERTIES[key] : undefined;
  if (property === undefined)
    throw refused(
      at,
      `"not", "(" or one of ${Object.values(PROPERTIES)
        .map(({ name }) => name)
        .join(', ')}`,
    );
  reader.asked.add(key.split('.')[0] ?? '');
  const operatorAt = reader.at();
  const { name, test, negated = false } = operatorFrom(reader);
  if (FLAGS.includes(key)) {
    if (test !== equals || name.toLowerCase().endsWith('in'))
      throw refused(operatorAt, `-eq or -ne, because ${property.name} is true or false`);
    return { kind: 'compare', read: property.of, test, negated, wanted: [flagFrom(reader, property.name)] };
  }
  const wanted = name === '-in' || name === '-notIn' ? listFrom(reader, name) : valueFrom(reader, name);
  return { kind: 'compare', read: property.of, test, negated, wanted };
}

function operatorFrom(reader: Reader): { name: string; test: Test; negated?: true } {
  const at = reader.at();
  const token = reader.take();
  const word = token?.kind === 'word' ? token.text.toLowerCase().replace(/^-/, '') : '';
  const names = Object.values(OPERATORS).map(({ name }) => name);
  if (word === 'match' || word === 'notmatch')
    throw refused(at, `${names.join(', ')} (patterns are not supported: use -startsWith or -contains)`);
  const operator = Object.hasOwn(OPERATORS, word) ? OPERATORS[word] : undefined;
  if (operator === undefined) throw refused(at, `one of ${names.join(', ')}`);
  return operator;
}

function flagFrom(reader: Reader, property: string): string {
  const at = reader.at();
  const token = reader.take();
  const word = token?.kind === 'word' ? token.text.toLowerCase() : '';
  if (word !== 'true' && word !== 'false') throw refused(at, `true or false, because ${property} is nothing else`);
  return word;
}

/** Undefined stands for null. */
function valueFrom(reader: Reader, operator: string): readonly string[] | undefined {
  const at = reader.at();
  const token = reader.take();
  if (token?.kind === 'text' && token.text !== '') return [token.text.toLowerCase()];
  const mayBeNull = operator === '-eq' || operator === '-ne';
  if (mayBeNull && token?.kind === 'word' && token.text.toLowerCase() === 'null') return undefined;
  throw refused(at, mayBeNull ? 'a text in quotes that is not empty, or null' : 'a text in quotes that is not empty');
}

function listFrom(reader: Reader, operator: string): readonly string[] {
  const at = reader.at();
  if (reader.take()?.kind !== '[') throw refused(at, `a list after ${operator}, such as ["Sales", "Finance"]`);
  const values: string[] = [];
  for (;;) {
    values.push(...(valueFrom(reader, operator) ?? []));
    const next = reader.at();
    const sign = reader.take()?.kind;
    if (sign === ']') return values;
    if (sign !== ',') throw refused(next, '"," or "]"');
  }
}

function refused(at: number, allowed: string): KnownError {
  return new KnownError('invalidRequest', `membershipRule, character ${at + 1}: expected ${allowed}.`, {
    inner: 'membershipRule',
    details: { position: at + 1 },
  });
}
