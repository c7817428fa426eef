/**
 * Restores on a Windows PC that are ended from outside at points that a seed chooses, as a loss of power would end them.
 */

import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { JournalLine } from '../../agent/src/restore/journal.ts';
import { succeeded } from './story.ts';
import type { WindowsAgent } from './windows-agent.ts';
import { exportOf, OLD, pathInProfile, restored } from './windows-story.ts';

interface Kills {
  readonly points: number;
  /** Of the moments: the same seed, the same shares of a restore's time. */
  readonly seed: number;
  /** Is told seed and moments. */
  readonly tell: (line: string) => void;
}

/**
 * Kills a restore at `points` moments and has the next run finish it: the same registry as without the kill, nothing
 * done twice, and undo leads back to the byte. Errors: AssertionError that names seed and moment.
 */
export async function killRestores(on: WindowsAgent, { points, seed, tell }: Kills): Promise<void> {
  const former = await exportOf(on);
  const { lastedMs } = await startedRestore(on);
  const wanted = await exportOf(on);
  await undone(on, former, 'not killed');
  const random = randomFrom(seed);
  for (let kills = 0; kills < points; ) {
    const afterMs = Math.round(random() * lastedMs);
    const killed = await startedRestore(on, afterMs);
    const name = `seed ${seed}, ${afterMs} of ${lastedMs} ms`;
    // Killed after its last change, it is done: the next run would be another restore.
    if (killed.ended || (await lastJournal(on)).some(({ event }) => event === 'finished')) {
      await undone(on, former, name);
      continue;
    }
    kills += 1;
    tell(`killed: ${name}`);

    const { items } = await restored(on);

    assert.equal(await exportOf(on), wanted, name);
    assert.deepEqual(
      items.filter(({ status }) => status === 'failed'),
      [],
      name,
    );
    const applied = (await lastJournal(on)).flatMap((line) =>
      line.event === 'end' ? line.outcomes.filter(({ status }) => status === 'applied') : [],
    );
    const ids = applied.map(({ itemId }) => itemId);
    assert.equal(new Set(ids).size, ids.length, `${name}: something was applied twice`);
    await undone(on, former, name);
  }
}

/** Takes the last restore back. Errors: AssertionError when the registry is not as it was. */
export async function undone(on: WindowsAgent, former: string, name: string): Promise<void> {
  succeeded(await on.agent('undo', '--yes'));
  assert.equal(await exportOf(on), former, `undo, ${name}`);
}

/** Starts a restore and kills it so long after it wrote down what was chosen; `ended`: it was done by then. */
export async function startedRestore(
  on: WindowsAgent,
  afterMs?: number,
): Promise<{ readonly lastedMs: number; readonly ended: boolean }> {
  const before = (await choicesOf(on)).length;
  const program = await on.startAgent('restore', OLD, '--yes', '--json');
  let isOver = false;
  const over = program.ended.then((ran) => {
    isOver = true;
    return ran;
  });
  while (!isOver && (await choicesOf(on)).length === before) await delay(1);
  const chosenAtMs = performance.now();
  if (afterMs !== undefined) {
    await Promise.race([over, delay(afterMs)]);
    if (!isOver) process.kill(program.pid, 'SIGKILL');
  }
  const { exit } = await over;
  return { lastedMs: performance.now() - chosenAtMs, ended: exit !== KILLED };
}

const KILLED = 128;

/** Lines of the journal of the last restore; a line that a kill cut short stands for nothing. */
export async function lastJournal(on: WindowsAgent): Promise<readonly JournalLine[]> {
  const number = (await choicesOf(on)).at(-1)?.slice(0, 6);
  const folder = await restoresFolder(on);
  const text = await readFile(join(folder, `${number}.journal.jsonl`), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line.endsWith('}') ? (JSON.parse(line) as JournalLine) : []));
}

async function choicesOf(on: WindowsAgent): Promise<string[]> {
  const names = await readdir(await restoresFolder(on)).catch(() => []);
  return names.filter((name) => /^\d{6}\.choice\.json$/.test(name)).toSorted();
}

const folders = new WeakMap<WindowsAgent, Promise<string>>();

/** Asked of the PC once. */
function restoresFolder(on: WindowsAgent): Promise<string> {
  const folder = folders.get(on) ?? pathInProfile(on.pc, 'AppData/Local/Carryover/restores');
  folders.set(on, folder);
  return folder;
}

/** Numbers from 0 up to 1, the same for the same seed. Source: "mulberry32", a generator in the public domain. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
