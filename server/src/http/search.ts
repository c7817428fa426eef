/**
 * $search: what a person typed into a search box, in quotes or not.
 *
 * Graph's clients name the property before a colon. Here names are what is searched anyway, so that is left out.
 *
 * Source: OData 4.01 URL conventions 5.1.7 (a phrase in double quotes); Graph, "Using $search on directory object
 * collections" ("displayName:…").
 */

/** Undefined when nothing is looked for. */
export function searchFrom(text: string | undefined): string | undefined {
  const typed = text
    ?.trim()
    .replace(/^"(.*)"$/s, '$1')
    .replaceAll('\\"', '"')
    .replace(/^displayName:/i, '')
    .trim();
  return typed === '' ? undefined : typed;
}
