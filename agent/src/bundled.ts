/**
 * The agent as one file, as the launcher starts it: .node/agent/agent.cjs, two folders below the root of its sources.
 *
 * Never older than its sources: when one of them is another by now, they run themselves, and the file is made anew for
 * the next start.
 */

import { isMadeOf, type MadeOf } from './made-of.ts';

/** At the head of the file, see scripts/bundle-agent.ts. */
declare const madeOf: MadeOf;

/** Without dots: hundreds of paths begin with it. */
const ROOT = __dirname.replace(/[^/]+\/[^/]+$/, '');

async function start(): Promise<void> {
  if (isMadeOf(madeOf, ROOT)) {
    const { runAgent } = await import('./run-agent.ts');
    const { amongSources } = await import('./installed.ts');
    return runAgent(process.argv.slice(2), amongSources());
  }
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
