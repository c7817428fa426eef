/** Asks a person to go on. Only where somebody can answer: a pipe is no consent. */

import { createInterface } from 'node:readline/promises';
import { KnownError } from '@carryover/model/errors';
import type { Out } from './agent.ts';

const TEXTS = {
  en: { goOn: 'Go on? [y/N] ', yes: /^y(es)?$/i, sayYes: 'Nobody can be asked here. To go on without asking: --yes' },
  de: {
    goOn: 'Fortfahren? [j/N] ',
    yes: /^(j(a)?|y(es)?)$/i,
    sayYes: 'Hier kann niemand gefragt werden. Ohne Rückfrage: --yes',
  },
} as const;

/** Errors: invalidRequest where there is no terminal to ask on. */
export async function confirmed(out: Out): Promise<boolean> {
  const { goOn, yes, sayYes } = TEXTS[out.language];
  if (!out.isTerminal || !process.stdin.isTTY) throw new KnownError('invalidRequest', sayYes, { inner: 'usage' });
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return yes.test((await lines.question(goOn)).trim());
  } finally {
    lines.close();
  }
}
