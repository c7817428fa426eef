/**
 * A person at a terminal: a command line runs on a real pseudo terminal, and questions are answered as they appear.
 *
 * `script` (in every Debian) makes the terminal, so programs that ask only where somebody can answer do ask.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

export interface Question {
  /** What the program prints when it asks; groups can be used by the answer. */
  readonly asks: RegExp;
  readonly answer: (match: RegExpExecArray) => string;
}

export interface TerminalOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** In the order in which they are asked. */
  readonly questions?: readonly Question[];
}

export interface Terminal {
  /** Resolves with the match once the program has printed it. Errors: Error with all it printed when it ends before. */
  shows(text: RegExp): Promise<RegExpExecArray>;
  /** Ctrl-C, as a person would end a program that runs on. */
  interrupt(): void;
  /** Resolves with the exit code and all that was printed. */
  readonly ended: Promise<{ readonly exit: number; readonly printed: string }>;
}

/** Types `line` into a shell on a terminal of its own. */
export function onTerminal(line: string, { env, cwd, questions = [] }: TerminalOptions): Terminal {
  const child = spawn('script', ['--quiet', '--return', '--flush', '--command', line, '/dev/null'], {
    cwd,
    env: { ...env, SHELL: '/bin/sh', TERM: 'xterm' },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let raw = '';
  let printed = '';
  let answeredTo = 0;
  const open = [...questions];
  const watchers = new Set<() => void>();
  child.stdin.on('error', () => {});
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    raw += text;
    // Colours and movements of the cursor stand between the words, and may come in pieces.
    printed = stripVTControlCharacters(raw);
    const [question] = open;
    const match = question?.asks.exec(printed.slice(answeredTo));
    if (question !== undefined && match) {
      answeredTo = printed.length;
      open.shift();
      child.stdin.write(`${question.answer(match)}\r`);
    }
    for (const look of watchers) look();
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => ({ exit: code ?? 128, printed }));
  return {
    ended,
    interrupt: () => child.stdin.write('\x03'),
    shows: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = text.exec(printed);
          if (match === null) return;
          watchers.delete(look);
          resolve(match);
        };
        watchers.add(look);
        look();
        void ended.then(() => reject(new Error(`"${line}" ended without ${text}:\n${printed}`)));
      }),
  };
}
