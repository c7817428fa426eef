/**
 * Makes .node/agent/agent.cjs anew, for the one that has found its sources changed and loads this; see agent/src/bundled.ts.
 *
 * In a process of its own, because making it ends with an error while a source is being changed. That is fine, and so is
 * a folder that this user may not write: the sources run meanwhile, and say better what is wrong with them.
 */

import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

try {
  accessSync(join(import.meta.dirname, '..', '.node', 'agent'), constants.W_OK);
  spawnSync(process.execPath, [join(import.meta.dirname, 'bundle-agent.ts')], { stdio: 'ignore' });
} catch {
  // Nothing is made.
}
