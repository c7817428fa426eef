/** docs/reference/reasons.md: why something is refused, skipped or late, and what to do, in both languages. */

import { REASONS } from '../../model/src/reasons.ts';
import { code, page, table } from './markdown.ts';

export function reasonsPage(): string {
  const rows = (language: 'en' | 'de') =>
    Object.entries(REASONS).map(([name, { reason, remedy }]) => [code(name), reason[language], remedy[language]]);
  return page('Reasons', 'model/src/reasons.ts', [
    'Whatever is skipped, refused or late says one of these. A name in braces is filled in.',
    table(['code', 'reason', 'what to do'], rows('en')),
    '## German',
    table(['code', 'reason', 'what to do'], rows('de')),
  ]);
}
