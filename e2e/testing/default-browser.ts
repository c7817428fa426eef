/**
 * Runs inside Windows, by node.exe: the default browser of a PC that only notes what it is to show, in C:\shown.
 *
 * Usage: node.exe default-browser.ts FILE
 */

import { randomUUID } from 'node:crypto';
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';

const FOLDER = 'C:\\shown';

mkdirSync(FOLDER, { recursive: true });
const unfinished = `C:\\${randomUUID()}`;
writeFileSync(unfinished, process.argv[2] ?? '');
renameSync(unfinished, `${FOLDER}\\${randomUUID()}`);
