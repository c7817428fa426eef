/** Where a command's words go: standard output and standard error of this process. */

import type { Language } from '@carryover/model/reasons';
import type { Out } from './agent.ts';

const DEFAULT_COLUMNS = 80;

const SIGNS = { done: '✓', warning: '!', failed: '✗', same: '=', change: '→', running: '●' } as const;
const PLAIN_SIGNS = { done: 'ok', warning: '!', failed: 'x', same: '=', change: '->', running: '*' } as const;

/** Out of a process with these streams and environment. */
export function processOut(
  { stdout, stderr }: { readonly stdout: NodeJS.WriteStream; readonly stderr: NodeJS.WriteStream },
  env: Readonly<Record<string, string | undefined>>,
  language: Language,
): Out {
  const isTerminal = stderr.isTTY === true;
  const dumb = env['TERM'] === 'dumb';
  return {
    language,
    isTerminal,
    colour: isTerminal && !dumb && (env['NO_COLOR'] ?? '') === '',
    // A terminal that was never told its size says 0.
    columns: stderr.columns > 0 ? stderr.columns : DEFAULT_COLUMNS,
    signs: isUtf8(env) && !dumb ? SIGNS : PLAIN_SIGNS,
    line: (text) => void stdout.write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    progress: (text) => void stderr.write(text),
    json: (value) => void stdout.write(`${JSON.stringify(value)}\n`),
  };
}

function isUtf8(env: Readonly<Record<string, string | undefined>>): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '');
  return /utf-?8/i.test(locale ?? '');
}
