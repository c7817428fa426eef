/** The agent among its sources: what the launcher starts, as they are (main.ts) or as one file (bundled.ts). */

import { amongSources } from './installed.ts';
import { runAgent } from './run-agent.ts';

export function start(): Promise<void> {
  return runAgent(process.argv.slice(2), amongSources());
}
