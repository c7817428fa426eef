/** A cost that leaves out the children would flatter whoever works through them. */

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { measureProcess } from './measure-process.ts';

/** Burns about 0.3 s of processor time in a child of a child. */
const BURN = 'const end = process.cpuUsage().user + 300000; while (process.cpuUsage().user < end);';
/** Holds 150 MB that were really written to, says so by a file, and lets go when there is a file "go". */
const HOLD = `
  const { existsSync, writeFileSync } = require('node:fs');
  const held = Buffer.alloc(150e6, 1);
  writeFileSync(process.argv[1] + '/holds-' + process.pid, '');
  const waiting = setInterval(() => existsSync(process.argv[1] + '/go') && clearInterval(waiting, held.at(0)), 5);
`;

test('the processor time of a grandchild is counted', async () => {
  const idle = await measureProcess('sh', ['-c', 'true']);
  const busy = await measureProcess('sh', ['-c', '"$0" -e "$1"; true', process.execPath, BURN]);

  assert.deepEqual([idle.exit, busy.exit], [0, 0]);
  assert.ok(busy.cpuSeconds >= 0.3, `${busy.cpuSeconds} s`);
  assert.ok(idle.cpuSeconds < busy.cpuSeconds / 10, `${idle.cpuSeconds} s`);
});

test('memory of children that live at the same time is added up', async () => {
  const one = await peakWhenAllHold('"$0" -e "$1" "$2"; true', 1);
  const two = await peakWhenAllHold('"$0" -e "$1" "$2" & "$0" -e "$1" "$2"; wait', 2);

  assert.ok(one > 150e6, `${one} bytes`);
  assert.ok(two > one * 1.5, `${two} against ${one} bytes`);
});

test('exit code and output are handed on', async () => {
  const ran = await measureProcess('sh', ['-c', 'echo out; echo err >&2; exit 5']);

  assert.deepEqual([ran.exit, ran.stdout, ran.stderr], [5, 'out\n', 'err\n']);
  assert.equal((await measureProcess('carryover-no-such-program', [])).exit, 127);
});

/** Peak memory of a script whose `count` children hold their memory at the same time, however slow the machine is. */
async function peakWhenAllHold(script: string, count: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-memory-'));
  try {
    const measuring = measureProcess('sh', ['-c', script, process.execPath, HOLD, folder]);
    while ((await readdir(folder)).length < count) await delay(5);
    // The samples are taken by a timer of this process: when this one is through, several have been.
    await delay(100);
    await writeFile(join(folder, 'go'), '');
    return (await measuring).peakBytes;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
