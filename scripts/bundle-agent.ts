/**
 * Makes the agent one file, .node/agent/agent.cjs, for the launcher: node scripts/bundle-agent.ts
 *
 * At the file's head stands what it was made of, which every start compares (agent/src/made-of.ts). The file takes its
 * place whole: who starts it never sees half of one.
 */

import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oneFile } from './one-file.ts';

const ROOT = join(import.meta.dirname, '..');
const FOLDER = join(ROOT, '.node', 'agent');

const text = await oneFile('agent/src/bundled.ts', ROOT);
mkdirSync(FOLDER, { recursive: true });
const beside = join(FOLDER, `.agent-${process.pid}.cjs`);
writeFileSync(beside, text);
renameSync(beside, join(FOLDER, 'agent.cjs'));
