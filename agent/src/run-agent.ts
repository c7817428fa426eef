/**
 * The agent's command line: makes the parts, hands them to the command, ends with its exit code.
 *
 * Told to stop (Ctrl+C, a session that ends), it stops at once and takes the programs it runs with it: every step of a
 * restore is in its journal, so that the next run goes on from there.
 */

import { runCommandLine } from './commands/command-line.ts';
import { processOut } from './commands/out.ts';
import { realAgent } from './commands/real-agent.ts';
import { languageFrom } from './config.ts';
import type { Installed } from './installed.ts';

/** A shell takes 128 and the signal's number for "ended by that signal". */
const ENDED_BY = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** `args`: the words of the command line after the program's own name. */
export async function runAgent(args: readonly string[], installed: Installed): Promise<void> {
  for (const [signal, exitCode] of Object.entries(ENDED_BY)) process.once(signal, () => process.exit(exitCode));
  const out = processOut(process, process.env, languageFrom(process.env));
  // Should a command's end never come, because what it waits for is gone, it has not succeeded.
  process.exitCode = 1;
  process.exitCode = await runCommandLine([...args], out, () => realAgent(out, process.env, installed));
}
