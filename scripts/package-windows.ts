/**
 * Makes carryover.exe and carryoverw.exe: npm run package:windows [FOLDER]. Left out, the folder is build/windows.
 *
 * Brings node.exe and koffi for Windows from the npm registry when they are missing; needs no Windows.
 */

import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { packageForWindows } from './windows/package.ts';
import { ensureWindowsPrograms, WINDOWS } from './windows-set-up.ts';

const { positionals } = parseArgs({ allowPositionals: true });
const folder = positionals[0] ?? join(import.meta.dirname, '..', 'build', 'windows');
await ensureWindowsPrograms();
for (const file of Object.values(await packageForWindows(folder, WINDOWS))) console.log(relative('.', file));
