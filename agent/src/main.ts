/** The agent as it runs from its sources. */

import { amongSources } from './installed.ts';
import { runAgent } from './run-agent.ts';

// Not awaited: the agent as one file takes this module in by require() when its sources are others by now.
runAgent(process.argv.slice(2), amongSources()).catch((error: unknown) => {
  // As Node does for what nobody catches: the error with its stack, and exit code 1.
  process.nextTick(() => {
    throw error;
  });
});
