/** Markdown of the generated reference pages. */

/** A page with its title, and where it comes from, so that nobody edits it by hand. */
export function page(title: string, source: string, parts: readonly string[]): string {
  const origin = `Generated from \`${source}\` by \`node scripts/reference-docs.ts\`; do not edit.`;
  return `${[`# ${title}`, origin, ...parts].join('\n\n')}\n`;
}

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

export function code(text: string): string {
  return `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
