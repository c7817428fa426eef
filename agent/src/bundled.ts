/**
 * The agent as the launcher starts it: this file as .node/agent/agent.cjs, two folders below the root of the sources, and
 * beside it all of them as one program.
 *
 * Never older than its sources: when one of them is another by now, they run themselves, and the program is made anew for
 * the next start.
 */

import { exportsOf } from './kept-code.ts';
import { isMadeOf, type MadeOf } from './made-of.ts';

/** At the head of the file, see scripts/one-file.ts; `program` is the name of a file beside it. */
declare const made: MadeOf & { readonly program: string };

/** Without dots: hundreds of paths begin with it. */
const ROOT = __dirname.replace(/[^/]+\/[^/]+$/, '');

/** These do much, each something else, so that each has compiled code of its own. */
const OWN_CODE = ['run-due', 'backup', 'plan', 'restore', 'undo'];

function start(): Promise<void> {
  const program = isMadeOf(made, ROOT) ? programOf(made.program) : undefined;
  if (program === undefined) {
    startSources();
    return Promise.resolve();
  }
  // Nothing is waited for any more, and memory goes with the process: putting it in order first takes some milliseconds.
  process.once('beforeExit', () => process.exit());
  return program.start();
}

/** Undefined when it was made anew, and this one removed, a moment ago. */
function programOf(name: string): { start(): Promise<void> } | undefined {
  const [, , command = ''] = process.argv;
  const code = `${name}.${OWN_CODE.includes(command) ? command : 'other'}.code`;
  try {
    const program = exportsOf({ file: `${__dirname}/${name}`, codeFile: `${__dirname}/${code}`, require });
    return program as { start(): Promise<void> };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function startSources(): void {
  try {
    require(`${ROOT}scripts/bundle-agent-anew.ts`);
  } catch {
    // Older sources, gone back to, have no such script and no need of this file.
  }
  require(`${ROOT}agent/src/main.ts`);
}

start().catch((error: unknown) => {
  // As Node does for what nobody catches: the error with its stack, and exit code 1.
  process.nextTick(() => {
    throw error;
  });
});
