/**
 * Canonical JSON: one value, one text, so that equal content has an equal digest.
 *
 * Source: RFC 8785 (JSON Canonicalization Scheme). ECMAScript's own number and string forms are the scheme's;
 * what is left to do is to sort the members by UTF-16 code units and to refuse what JSON cannot hold.
 */

export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };

/** Errors: TypeError for a value JSON cannot hold (undefined, NaN, infinity, functions) or a lone surrogate. */
export function canonicalJson(value: Json): string {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TypeError('A text with a lone surrogate has no canonical form.');
    return JSON.stringify(value);
  }
  if (typeof value === 'number' && !Number.isFinite(value)) throw new TypeError(`${value} has no JSON form.`);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object') throw new TypeError(`A ${typeof value} has no JSON form.`);
  // Put together piece by piece: every upload comes through here, and lists of pairs would be most of the cost.
  const members = value as { readonly [member: string]: Json };
  let text = '';
  for (const name of Object.keys(members).sort())
    text += `${text === '' ? '' : ','}${canonicalJson(name)}:${canonicalJson(members[name] as Json)}`;
  return `{${text}}`;
}
