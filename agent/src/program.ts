/**
 * The agent as one executable file (node:sea), and the same bundle in plain Node: two folders below the repository's root,
 * it finds the parts that lie there.
 */

import { isSea } from 'node:sea';
import { amongSources, insideOf } from './installed.ts';
import { runAgent } from './run-agent.ts';

runAgent(process.argv.slice(2), isSea() ? insideOf(process.execPath) : amongSources()).catch((error: unknown) => {
  // As Node does for what nobody catches: the error with its stack, and exit code 1.
  process.nextTick(() => {
    throw error;
  });
});
