/** What a person reads when a command could not do what was asked. Loaded only then. Pure. */

import type { KnownError } from '@carryover/model/errors';
import { REASONS, type Reason, wordsOf } from '@carryover/model/reasons';
import type { Out } from './agent.ts';
import { sentenceLines } from './terminal.ts';

/** The sentence, then each reason that came with it, with its remedy. */
export function errorLines({ message, details }: KnownError, out: Out): string[] {
  const reasons = Array.isArray(details['reasons']) ? (details['reasons'] as readonly Reason[]) : [];
  // A newer service may have reasons this agent has no words for.
  const known = reasons.filter(({ code }) => Object.hasOwn(REASONS, code));
  return [
    `${out.signs.failed} ${message}`,
    ...known.flatMap((reason) => {
      const words = wordsOf(reason, out.language);
      const text = `${words.reason} ${words.remedy}`;
      return sentenceLines(out, { sign: 'warning', label: '', labelColumns: 0, indent: 2, text });
    }),
  ];
}
