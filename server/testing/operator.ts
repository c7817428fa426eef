/** An administrator at a terminal, for tests: what the command said, and a browser that signs in as people do. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runAdmin } from '../src/operator/admin.ts';
import type { Host } from '../src/operator/host.ts';
import { Browser } from './browser.ts';
import { type Person, signInThroughPages } from './service.ts';

interface Run {
  readonly exit: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly notes: string;
}

export interface Operator extends AsyncDisposable {
  readonly file: string;
  run(args: readonly string[], input?: string): Promise<Run>;
  /** With --json; the line that was printed. Errors: when the command fails. */
  ask<Answer>(...args: readonly string[]): Promise<Answer>;
}

/** `person` is who signs in when a browser opens. */
export async function anOperator(person: Pick<Person, 'userPrincipalName' | 'password'>): Promise<Operator> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-operator-'));
  const file = join(folder, 'config', 'admin.json');
  const operator: Operator = {
    file,
    async run(args, input = '') {
      const [out, notes]: [string[], string[]] = [[], []];
      const host: Host = {
        file,
        signs: { done: 'ok', warning: '!', failed: 'x' },
        line: (text) => void out.push(text),
        note: (text) => void notes.push(text),
        read: async () => input,
        open: async (url) => {
          void signInAt(url, person);
          return true;
        },
      };
      const exit = await runAdmin(args, host);
      return { exit, out: out.join('\n'), notes: notes.join('\n') };
    },
    async ask<Answer>(...args: readonly string[]) {
      const { exit, out } = await operator.run([...args, '--json']);
      if (exit !== 0) throw new Error(`admin ${args.join(' ')} ended with ${exit}: ${out}`);
      return JSON.parse(out) as Answer;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
  return operator;
}

/** Follows the sign-in to the address on this machine that the command waits at. */
async function signInAt(url: URL, person: Pick<Person, 'userPrincipalName' | 'password'>): Promise<void> {
  const page = await signInThroughPages(new Browser(), url, person);
  if (page.left === undefined) throw new Error(`The sign-in stopped at "${page.title}": ${page.html}`);
  await fetch(page.left);
}
