/** Pieces of XML that both files of a template are made of. */

/** The name space of the schema, on the root of each file. */
export const SCHEMA = 'xmlns="http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions"';

export function stringReference(id: string): string {
  return `$(string.${id})`;
}

export function attribute(name: string, value: string): string {
  return `${name}="${escaped(value)}"`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
