/**
 * $search: what a person typed into a search box, in quotes or not.
 *
 * Graph's scripts name the property within the quotes ("displayName:pilot"); names are what is searched here anyway.
 *
 * Source: OData 4.01 URL conventions 5.1.7 (a phrase in double quotes); Graph, advanced queries on directory objects.
 */

/** Undefined when nothing is looked for. */
export function searchFrom(text: string | undefined): string | undefined {
  const typed = text
    ?.trim()
    .replace(/^"(?:displayName:)?(.*)"$/s, '$1')
    .replaceAll('\\"', '"')
    .trim();
  return typed === '' ? undefined : typed;
}
