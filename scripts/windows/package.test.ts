/** The program for Windows, made on this machine; that it runs is the stories' affair. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { promisify } from 'node:util';
import { ensureWindowsPrograms, WINDOWS } from '../windows-set-up.ts';
import { packageForWindows } from './package.ts';
import { withoutSignature, withSubsystem } from './portable-executable.ts';

const folder = await mkdtemp(join(tmpdir(), 'carryover-package-'));
after(() => rm(folder, { recursive: true, force: true }));

await ensureWindowsPrograms();
const made = await packageForWindows(join(folder, 'first'), WINDOWS);

/** It also names every function that node.exe exports. */
const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** What objdump says of a Windows program's headers. */
async function headersOf(file: string): Promise<string> {
  return (await promisify(execFile)('objdump', ['--private-headers', file], { maxBuffer: MAX_OUTPUT_BYTES })).stdout;
}

test('made twice, in different places, it is the same byte for byte', async () => {
  const again = await packageForWindows(join(folder, 'another', 'place'), WINDOWS);

  assert.ok((await readFile(again.program)).equals(await readFile(made.program)));
});

test('one program has a console, the other none, and neither has the signature of what they are made of', async () => {
  const [node, program, windowless] = await Promise.all([WINDOWS.node, made.program, made.windowless].map(headersOf));

  assert.match(String(node), /^Subsystem\s+0+3\s/m);
  assert.doesNotMatch(String(node), /^Entry 4 0+ 0+ Security Directory/m);
  assert.match(String(program), /^Subsystem\s+0+3\s/m);
  assert.match(String(windowless), /^Subsystem\s+0+2\s/m);
  for (const one of [program, windowless]) assert.match(String(one), /^Entry 4 0+ 0+ Security Directory/m);
});

test('the bundle runs in plain Node as well', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [made.bundle, '--version']);

  assert.match(stdout, /^carryover \d+\.\d+\.\d+$/m);
});

test('what is no program of Windows is refused', () => {
  for (const bytes of [Buffer.alloc(0), Buffer.from('#!/bin/sh\n'), Buffer.alloc(4096, 'MZ')])
    for (const change of [withoutSignature, (program: Buffer) => withSubsystem(program, 'windows')])
      assert.throws(() => change(bytes), /no 64-bit program of Windows/);
});
