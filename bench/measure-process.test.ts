/** A cost that leaves out the children would flatter whoever works through them. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureProcess } from './measure-process.ts';

/** Burns about 0.3 s of processor time in a child of a child. */
const BURN = 'const end = process.cpuUsage().user + 300000; while (process.cpuUsage().user < end);';
/** Holds 150 MB that were really written to, for long enough to be seen. */
const HOLD = 'const held = Buffer.alloc(150e6, 1); setTimeout(() => held.at(0), 150);';

test('the processor time of a grandchild is counted', async () => {
  const idle = await measureProcess('sh', ['-c', 'true']);
  const busy = await measureProcess('sh', ['-c', '"$0" -e "$1"; true', process.execPath, BURN]);

  assert.deepEqual([idle.exit, busy.exit], [0, 0]);
  assert.ok(busy.cpuSeconds >= 0.3, `${busy.cpuSeconds} s`);
  assert.ok(idle.cpuSeconds < busy.cpuSeconds / 10, `${idle.cpuSeconds} s`);
});

test('memory of children that live at the same time is added up', async () => {
  const one = await measureProcess('sh', ['-c', '"$0" -e "$1"; true', process.execPath, HOLD]);
  const two = await measureProcess('sh', ['-c', '"$0" -e "$1" & "$0" -e "$1"; wait', process.execPath, HOLD]);

  assert.ok(one.peakBytes > 150e6, `${one.peakBytes} bytes`);
  assert.ok(two.peakBytes > one.peakBytes * 1.5, `${two.peakBytes} against ${one.peakBytes} bytes`);
});

test('exit code and output are handed on', async () => {
  const ran = await measureProcess('sh', ['-c', 'echo out; echo err >&2; exit 5']);

  assert.deepEqual([ran.exit, ran.stdout, ran.stderr], [5, 'out\n', 'err\n']);
  assert.equal((await measureProcess('carryover-no-such-program', [])).exit, 127);
});
