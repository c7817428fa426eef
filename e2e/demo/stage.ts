/** What the demo says: a heading, a step with the time it took, the words of the programs it runs, a closing table. */

import type { Compared } from './compare.ts';

export interface Stage {
  heading(text: string): void;
  /** Runs a step, shows that it runs, then how long it took. */
  step<Result>(text: string, work: () => Promise<Result>): Promise<Result>;
  /** What a program printed. */
  words(text: string): void;
  table(rows: readonly Compared[]): void;
  /** What did not come over: a reason, and what it holds for. */
  left(reason: string, names: string): void;
  line(text: string): void;
}

const TITLES = { setting: 'Settings', file: 'Files', image: 'Images', app: 'Apps' } as const;

/** `quiet`: nothing but errors, for --json. Colours and redrawing only on a terminal without NO_COLOR. */
export function stageOn(stream: NodeJS.WriteStream, quiet: boolean): Stage {
  const live = stream.isTTY === true && process.env['TERM'] !== 'dumb';
  const colour = (live || process.env['FORCE_COLOR'] !== undefined) && process.env['NO_COLOR'] === undefined;
  const paint = (code: string, text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const print = (text: string) => {
    if (!quiet) stream.write(text);
  };
  return {
    heading: (text) => print(`\n${paint('1', text)}\n`),
    line: (text) => print(`${text}\n`),
    left: (reason, names) => print(`${paint('38;5;172', '!')} ${reason}\n    ${shortened(names)}\n`),
    words: (text) => {
      for (const line of text.trimEnd().split('\n')) print(line === '' ? '\n' : `    ${line}\n`);
    },
    async step(text, work) {
      if (live) print(`${paint('38;5;31', '●')} ${text} …`);
      const startMs = performance.now();
      const result = await work();
      const took = `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
      print(`${live ? '\r\u001b[K' : ''}${paint('38;5;31', '✓')} ${text.padEnd(66)}${took.padStart(8)}\n`);
      return result;
    },
    table(rows) {
      print(`\n${' '.repeat(14)}${['captured', 'applied', 'different'].map((head) => head.padStart(11)).join('')}\n`);
      for (const { kind, captured, applied, different } of rows) {
        const cells = [captured, applied, different].map((count) => String(count).padStart(11)).join('');
        print(`${paint('38;5;31', '✓')} ${TITLES[kind].padEnd(12)}${cells}\n`);
      }
    },
  };
}

/** A list of names as long as the terminal is wide. */
function shortened(names: string): string {
  return names.length > MAX_NAMES ? `${names.slice(0, MAX_NAMES - 1)}…` : names;
}

const MAX_NAMES = 74;
