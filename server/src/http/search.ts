/**
 * $search: what a person typed into a search box, in quotes or not.
 *
 * Source: OData 4.01 URL conventions 5.1.7 (a phrase in double quotes).
 */

/** Undefined when nothing is looked for. */
export function searchFrom(text: string | undefined): string | undefined {
  const typed = text
    ?.trim()
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('\\"', '"')
    .trim();
  return typed === '' ? undefined : typed;
}
