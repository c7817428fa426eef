/**
 * A restore that is killed, wherever that happens, is finished by the next run, does nothing twice, and can be undone.
 *
 * The real command is ended with SIGKILL at each step that it writes down, and a moment after it, once alone and once
 * together with the programs it started, as a power cut would.
 */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { JournalLine } from '../../agent/src/restore/journal.ts';
import type { Device } from '../testing/device.ts';
import { flatpakRepository } from '../testing/flatpak-repository.ts';
import { furnish } from '../testing/furnish.ts';
import { contentsOf } from '../testing/listing.ts';
import { stateFile } from '../testing/state-files.ts';
import { aStory, jsonOf, type Story, succeeded } from '../testing/story.ts';

const OWN_SETTINGS = "[org/gnome/desktop/interface]\nclock-format='24h'\ncursor-size=64\n";

/** More than a restore writes down; the ones beyond its end are passed over. */
const STEPS = 24;
const FEWEST_KILLS = 10;

let story: Story;
let device: Device;

before(async () => {
  story = await aStory();
  const old = await story.enrolled('old-pc');
  const { remote } = await furnish(old, { apps: 2 });
  succeeded(await old.agent('backup'));
  device = await story.enrolled('new-pc');
  await device.must('dconf', ['load', '/'], { stdin: OWN_SETTINGS });
  const { url } = await flatpakRepository();
  await device.must('flatpak', ['remote-add', '--user', '--no-gpg-verify', remote, url]);
});
after(() => story.remove());

test('killed at any step, a restore is finished by the next run, does nothing twice and can be undone exactly', async (t) => {
  const former = await stateOf(device);
  const restored = jsonOf<Restored>(await device.agent('restore', 'old-pc', '--yes', '--json'));
  assert.ok((restored.counts['applied'] ?? 0) > 80);
  const wanted = await stateOf(device);
  await back(former);

  let kills = 0;
  for (let step = 1; step <= STEPS; step += 1) {
    const name = `at step ${step}`;
    const killed = await restoreKilledAt(step, { withChildren: step % 2 === 0, afterMs: (step % 3) * 15 });
    if (!killed) break;
    kills += 1;
    const number = (await restores()).at(-1) ?? '';

    const again = await device.agent('restore', 'old-pc', '--yes', '--json');

    assert.equal(again.exit, 0, `${name}: ${again.stdout}${again.stderr}`);
    assert.deepEqual(await stateOf(device), wanted, name);
    const applied = (await journalOf(number)).flatMap((line) =>
      line.event === 'end' ? line.outcomes.filter(({ status }) => status === 'applied') : [],
    );
    const items = applied.map(({ itemId }) => itemId);
    assert.equal(new Set(items).size, items.length, `${name}: something was applied twice`);
    await back(former, name);
  }
  t.diagnostic(`killed ${kills} times`);
  assert.ok(kills >= FEWEST_KILLS, `killed ${kills} times`);
});

interface Restored {
  readonly counts: Readonly<Record<string, number>>;
}

/** Undo, and the apps away, which undo leaves installed. */
async function back(former: Awaited<ReturnType<typeof stateOf>>, name = 'not killed'): Promise<void> {
  succeeded(await device.agent('undo', '--yes'));
  const { dump, files } = await stateOf(device);
  assert.equal(dump, former.dump, `undo, ${name}`);
  assert.deepEqual(files, former.files, `undo, ${name}`);
  await device.must('flatpak', ['uninstall', '--user', '--noninteractive', '--all']);
}

/** Starts a restore and kills it when it has written down so many steps; false when it ended before. */
async function restoreKilledAt(
  step: number,
  { withChildren, afterMs }: { readonly withChildren: boolean; readonly afterMs: number },
): Promise<boolean> {
  const before = await stepsWritten();
  const [node, agent] = device.agentCommand;
  const child = spawn(node, [agent, 'restore', 'old-pc', '--yes', '--json'], {
    env: { ...device.env },
    cwd: device.home,
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(child, 'exit');
  while (child.exitCode === null && (await stepsWritten()) < before + step) await delay(1);
  // Steps take different times: the moment after one lies sometimes within the next.
  await delay(afterMs);
  assert.ok(child.pid);
  if (child.exitCode === null) process.kill(withChildren ? -child.pid : child.pid, 'SIGKILL');
  const [, signal] = await ended;
  return signal === 'SIGKILL';
}

/** Files of restores and lines of their journals: each stands for something done. */
async function stepsWritten(): Promise<number> {
  const folder = stateFile(device, 'restores');
  const names = await readdir(folder).catch(() => []);
  const journals = names.filter((name) => name.endsWith('.jsonl'));
  const lines = await Promise.all(
    journals.map(async (name) => (await readFile(join(folder, name), 'utf8')).split('\n')),
  );
  // Temporary files of a write come and go.
  return names.filter((name) => /^\d{6}\.[\w.]+$/.test(name)).length + lines.flat().length;
}

async function restores(): Promise<string[]> {
  const names = await readdir(stateFile(device, 'restores'));
  return names.flatMap((name) => /^(\d{6})\.choice\.json$/.exec(name)?.[1] ?? []).toSorted();
}

async function journalOf(number: string): Promise<JournalLine[]> {
  const text = await readFile(stateFile(device, `restores/${number}.journal.jsonl`), 'utf8');
  // A line that the kill cut short stands for nothing.
  return text.split('\n').flatMap((line) => (line.endsWith('}') ? (JSON.parse(line) as JournalLine) : []));
}

/** What a restore changes on this device. Files of programs, not of the person, are passed over. */
async function stateOf({ home, dconfDump, must }: Device) {
  const files = [...(await contentsOf(home))]
    .filter(([path]) => !/^\.(local\/state|local\/share\/flatpak|cache|config\/dconf|var)\//.test(path))
    .map(([path, bytes]) => [path, bytes.toString('base64')])
    .toSorted();
  const apps = await must('flatpak', ['list', '--user', '--app', '--columns=application,version,origin']);
  return { dump: await dconfDump(), files, apps: apps.split('\n').toSorted() };
}
