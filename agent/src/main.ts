/** The agent as it runs from its sources. */

import { amongSources } from './installed.ts';
import { runAgent } from './run-agent.ts';

await runAgent(process.argv.slice(2), amongSources());
