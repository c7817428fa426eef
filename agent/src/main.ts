/** The agent as it runs from its sources. */

import { start } from './launched.ts';

// Not awaited: the agent as one file takes this module in by require() when its sources are others by now.
start().catch((error: unknown) => {
  // As Node does for what nobody catches: the error with its stack, and exit code 1.
  process.nextTick(() => {
    throw error;
  });
});
