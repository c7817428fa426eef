/** docs/windows.md with the table of what tests show and only a real Windows can, as docs/requirements.md has it. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const DOCS = join(import.meta.dirname, '..', '..', 'docs');
const BLOCK = /(<!-- windows-proofs:.*-->\n)[\s\S]*?(<!-- \/windows-proofs -->)/;

/** Errors: Error when either page has lost its place for the table. */
export function windowsPage(): string {
  const page = readFileSync(join(DOCS, 'windows.md'), 'utf8');
  const requirements = readFileSync(join(DOCS, 'requirements.md'), 'utf8');
  const [, section = ''] = /\n## Windows\n([\s\S]*?)(?=\n## |$)/.exec(requirements) ?? [];
  const rows = section.split('\n').filter((line) => line.startsWith('|'));
  if (rows.length === 0 || !BLOCK.test(page)) throw new Error('The table of Windows has no place in docs/windows.md.');
  return page.replace(BLOCK, (_, begin: string, end: string) => `${begin}\n${rows.join('\n')}\n\n${end}`);
}
