/**
 * What an operator command has of the machine: its words go out here, the environment and the browser come from here.
 *
 * stdout holds the result, stderr what is said on the way.
 */

import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';

export interface Host {
  /** Where the sign-in is kept. */
  readonly file: string;
  readonly signs: { readonly done: string; readonly warning: string; readonly failed: string };
  /** A line of the result. */
  line(text: string): void;
  /** A line on the way. */
  note(text: string): void;
  /** All of standard input. */
  read(): Promise<string>;
  /** Whether a browser was started; that the person sees it cannot be known, so the link is shown as well. */
  open(url: URL): Promise<boolean>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** This process as a host. */
export function processHost(env: Environment = process.env): Host {
  return {
    file: join(env['XDG_CONFIG_HOME'] || join(env['HOME'] || homedir(), '.config'), 'carryover', 'admin.json'),
    signs: isUtf8(env) ? { done: '✓', warning: '!', failed: '✗' } : { done: 'ok', warning: '!', failed: 'x' },
    line: (words) => void process.stdout.write(`${words}\n`),
    note: (words) => void process.stderr.write(`${words}\n`),
    read: () => text(process.stdin),
    open: async (url) => {
      const program = browsersOf(env).find((name) => isProgram(name, env));
      if (program === undefined) return false;
      const started = spawn(program, [url.href], { detached: true, stdio: 'ignore' });
      return new Promise((resolve) => {
        started.once('error', () => resolve(false));
        started.once('spawn', () => {
          started.unref();
          resolve(true);
        });
      });
    },
  };
}

/** $BROWSER first (programs separated by colons, as other tools read it), then the desktop's own opener. */
function browsersOf(env: Environment): string[] {
  const named = (env['BROWSER'] ?? '').split(':').filter((program) => program !== '');
  const desktop = Boolean(env['DISPLAY']) || Boolean(env['WAYLAND_DISPLAY']);
  return desktop ? [...named, 'xdg-open'] : named;
}

function isProgram(name: string, env: Environment): boolean {
  if (name.includes('/')) return existsSync(name);
  return (env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, name)));
}

function isUtf8(env: Environment): boolean {
  const locale = [env['LC_ALL'], env['LC_CTYPE'], env['LANG']].find((value) => value !== undefined && value !== '');
  return /utf-?8/i.test(locale ?? '');
}
