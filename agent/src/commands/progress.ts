/**
 * What a person sees while something runs: one line that redraws in place, and a line for each step that ended.
 *
 * On standard error and only on a terminal: what is piped elsewhere stays quiet (docs/reference, "Terminal").
 */

import type { Out } from './agent.ts';

export interface Progress {
  /** Replaces the running line. */
  running(label: string, text: string): void;
  /** A line that stays. */
  ended(sign: string, label: string, text: string): void;
  /** Takes the running line away. */
  clear(): void;
}

const LABEL_COLUMNS = 21;
const ERASE_LINE = '\r\x1b[K';
const TEAL = 31;

export function progressOn(out: Out, quiet = false): Progress {
  const shows = out.isTerminal && !quiet;
  const line = (sign: string, label: string, text: string) =>
    fitting(`${sign} ${label.padEnd(LABEL_COLUMNS)}${text}`, out.columns);
  const accent = (text: string) => (out.colour ? `\x1b[38;5;${TEAL}m${text}\x1b[0m` : text);
  return {
    running(label, text) {
      if (shows) out.progress(`${ERASE_LINE}${accent(line(out.signs.running, label, text))}`);
    },
    ended(sign, label, text) {
      if (shows) out.progress(`${ERASE_LINE}${line(sign, label, text)}\n`);
    },
    clear() {
      if (shows) out.progress(ERASE_LINE);
    },
  };
}

/** "━━━━━━╸━━━" would need colour to be read; a share in words does not. */
export function share(done: number, total: number, language: Out['language']): string {
  return language === 'de' ? `${done} von ${total}` : `${done} of ${total}`;
}

function fitting(text: string, columns: number): string {
  const characters = [...text.trimEnd()];
  return characters.length < columns ? characters.join('') : `${characters.slice(0, columns - 2).join('')}…`;
}
