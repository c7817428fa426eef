/**
 * The agent's command line: makes the parts, hands them to the command, ends with its exit code.
 */

import { runCommandLine } from './commands/command-line.ts';
import { processOut } from './commands/out.ts';
import { realAgent } from './commands/real-agent.ts';
import { languageFrom } from './config.ts';

const out = processOut(process, process.env, languageFrom(process.env));
process.exitCode = await runCommandLine(process.argv.slice(2), out, () => realAgent(out, process.env));
