/** The agent as a process of its own. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { temporaryHome } from '../testing/temporary-home.ts';

/** A program that says it began and then takes its time, with a child; the pipe stays open as long as one of them lives. */
const SLOW = '#!/bin/sh\nexec 3>"$ALIVE"\nsleep 600 &\necho began >&3\nwait\n';

for (const [signal, exitCode] of [
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const) {
  test(`${signal} ends the agent with the programs it runs, and the next run is not kept waiting`, async () => {
    await using home = await temporaryHome();
    const bin = join(home.root, 'bin');
    await mkdir(bin);
    for (const name of ['systemctl', 'crontab']) {
      await writeFile(join(bin, name), SLOW);
      await chmod(join(bin, name), 0o755);
    }
    const alive = join(home.root, 'alive');
    await home.run('mkfifo', [alive]);
    const env = { HOME: home.home, PATH: `${bin}:${process.env['PATH']}`, ALIVE: alive };
    const main = join(import.meta.dirname, 'main.ts');
    const agent = spawn(process.execPath, [main, 'schedule', 'remove'], { env, stdio: 'ignore' });
    const ended = once(agent, 'exit');
    const reader = spawn('cat', [alive], { stdio: ['ignore', 'pipe', 'inherit'] });
    const allGone = once(reader, 'exit');
    await once(createInterface(reader.stdout), 'line');

    agent.kill(signal);

    assert.deepEqual(await ended, [exitCode, null]);
    await allGone;
    const again = spawn(process.execPath, [main, 'schedule', 'remove', '--json'], {
      env: { ...env, PATH: process.env['PATH'] },
      stdio: 'ignore',
    });
    assert.deepEqual(await once(again, 'exit'), [0, null]);
  });
}
