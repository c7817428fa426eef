/** Makes the agent one file, in .node/agent, for the launcher: node scripts/bundle-agent.ts */

import { join } from 'node:path';
import { placeOneFile } from './one-file.ts';

const ROOT = join(import.meta.dirname, '..');

await placeOneFile({ entry: 'agent/src/launched.ts', folder: join(ROOT, '.node', 'agent'), name: 'agent' }, ROOT);
