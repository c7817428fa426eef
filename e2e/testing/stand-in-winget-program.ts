/**
 * The stand-in for winget as a program: answers one call, with the made-up PC in a file beside it.
 *
 * Bundled as CommonJS, which awaits nothing at its top.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as passing } from 'node:timers/promises';
import { type StandInPc, standInWinget } from '../../agent/testing/stand-in-winget.ts';

const FILE = join(dirname(process.execPath), 'stand-in-winget.json');

async function answer(args: readonly string[]): Promise<void> {
  const pc = JSON.parse(readFileSync(FILE, 'utf8')) as StandInPc;
  const { exit, stdout, file } = standInWinget(args, pc);
  const app = pc.offered.find(({ id }) => args[0] === 'install' && args.includes(id));
  if (app?.takesMs !== undefined) await passing(app.takesMs);
  if (file !== undefined) writeFileSync(file.path, file.content);
  writeFileSync(FILE, JSON.stringify(pc));
  process.stdout.write(stdout);
  process.exitCode = exit;
}

void answer(process.argv.slice(2));
