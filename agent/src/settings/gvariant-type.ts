/**
 * GVariant type strings: "b", "as", "a{sv}", "(ii)".
 *
 * Pure. Source: GLib's documentation of GVariantType.
 */

const BASIC = 'bynqiuxthdsog';

/** Deepest nesting of a type or value, GLib's own limit: a hostile text must not exhaust the stack. */
export const MAX_DEPTH = 128;

export function isType(text: string): boolean {
  return typeEnd(text, 0, 0) === text.length;
}

/** The types inside a tuple "(…)" or a dictionary entry "{…}". `type` must be one. */
export function memberTypes(type: string): readonly string[] {
  const members: string[] = [];
  for (let start = 1; start < type.length - 1; ) {
    const end = typeEnd(type, start, 0);
    members.push(type.slice(start, end));
    start = end;
  }
  return members;
}

/** One signature as D-Bus has it: any number of complete types without maybes. */
export function isSignature(text: string): boolean {
  if (text.includes('m')) return false;
  let position = 0;
  while (position < text.length) {
    position = typeEnd(text, position, 0);
    if (position < 0) return false;
  }
  return true;
}

export function isObjectPath(text: string): boolean {
  return text === '/' || /^(?:\/[A-Za-z0-9_]+)+$/.test(text);
}

/** Where the type that starts at `start` ends; -1 when there is none. */
export function typeEnd(text: string, start: number, depth: number): number {
  const first = text[start];
  if (first === undefined || depth > MAX_DEPTH) return -1;
  if (BASIC.includes(first) || first === 'v') return start + 1;
  if (first === 'a' || first === 'm') return typeEnd(text, start + 1, depth + 1);
  if (first === '{') {
    const key = text[start + 1];
    if (key === undefined || !BASIC.includes(key)) return -1;
    const end = typeEnd(text, start + 2, depth + 1);
    return end >= 0 && text[end] === '}' ? end + 1 : -1;
  }
  if (first !== '(') return -1;
  let position = start + 1;
  while (position >= 0 && text[position] !== ')') position = typeEnd(text, position, depth + 1);
  return position < 0 ? -1 : position + 1;
}
