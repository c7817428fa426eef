/**
 * What a run costs when nothing has changed: ours as the timer starts it, and restic's over the same person's settings.
 *
 * Everything is real: a service in its own process, a furnished device that is enrolled and backed up, a restic
 * repository on the same disk. Before each of our runs the device's state says that its last backup was nine days ago and
 * that its access token has expired, as after the days that lie between two runs: so the run renews its token and sends
 * the manifest. Each run of ours is checked to have done just that, and each of restic's to have found nothing new: a
 * run that skipped its work would be no comparison.
 *
 * Given to restic: the dconf database, the settings' files and pictures, and the list of Flatpak apps. Ours looks at all
 * that its catalog names, and at the apps themselves.
 */

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Device } from '../../e2e/testing/device.ts';
import { type Furnished, furnish } from '../../e2e/testing/furnish.ts';
import { changeState, letTimePass, readState, stateFile } from '../../e2e/testing/state-files.ts';
import { aStory, type Story, succeeded } from '../../e2e/testing/story.ts';
import { measureProcess, type ProcessCost } from '../measure-process.ts';

const ROOT = dirname(dirname(import.meta.dirname));
const LAUNCHER = join(ROOT, 'carryover');
/** Between two runs, as the default interval has it and one more. */
const DAYS = 9;

export interface UnchangedRuns {
  /** `carryover run-due` through the launcher. */
  ours(): Promise<ProcessCost>;
  /** `restic backup`. */
  theirs(): Promise<ProcessCost>;
}

/** Prepares both, hands them to `measure`, and cleans up. */
export async function withUnchangedRuns<Result>(measure: (runs: UnchangedRuns) => Promise<Result>): Promise<Result> {
  const story = await aStory();
  const folder = await mkdtemp(join(tmpdir(), 'carryover-restic-'));
  try {
    const device = await story.enrolled('old-pc');
    const furnished = await furnish(device);
    succeeded(await device.agent('backup'));
    return await measure({ ours: ourRuns(story, device), theirs: await resticRuns(device, furnished, folder) });
  } finally {
    await story.remove();
    await rm(folder, { recursive: true, force: true });
  }
}

function ourRuns(story: Story, device: Device): UnchangedRuns['ours'] {
  return async () => {
    const before = await makeDue(device);
    const requestsBefore = await requestsOf(story);

    const cost = await measureProcess(LAUNCHER, ['run-due'], { env: device.env, cwd: device.home });

    assert.equal(cost.exit, 0, cost.stderr);
    const requests = (await requestsOf(story)).slice(requestsBefore.length);
    assert.deepEqual(requests, ['POST token 200', 'POST snapshots 200'], 'one renewal and one request');
    const { entry, lastBackupAt } = await afterwards(device);
    assert.equal(entry.unchanged, true, 'the service stored nothing new');
    assert.deepEqual(entry.sent, [], 'the manifest travelled alone');
    assert.ok(Temporal.Instant.compare(lastBackupAt, before) > 0, 'the service acknowledged a newer backup');
    return cost;
  };
}

/** As the state is when the days of the interval have passed. Returns a moment before the run, by this clock. */
async function makeDue(device: Device): Promise<Temporal.Instant> {
  const now = Temporal.Now.instant().subtract({ seconds: 2 });
  await letTimePass(device, DAYS);
  const { backup } = await readState(device, 'tokens');
  assert.ok(backup);
  await changeState(device, 'tokens', { backup: { ...backup, expiresAt: 0 } });
  return now;
}

async function afterwards(device: Device) {
  const { lastBackupAt } = await readState(device, 'acknowledged');
  const history = (await readFile(stateFile(device, 'history.jsonl'), 'utf8')).trimEnd().split('\n');
  const entry = JSON.parse(history.at(-1) ?? '') as { readonly unchanged: boolean; readonly sent: readonly string[] };
  return { entry, lastBackupAt: Temporal.Instant.from(lastBackupAt) };
}

/** What the service answered so far, each as method, last part of the path, and status. */
async function requestsOf(story: Story): Promise<string[]> {
  // A request is logged when its answer is out; the log holds all that were answered before this one.
  await fetch(`${story.service.url}/healthz`);
  const lines = (await story.serviceLog()).split('\n').filter((line) => line.startsWith('{'));
  return lines
    .map((line) => JSON.parse(line))
    .filter(({ msg, path }) => msg === 'request' && path !== '/healthz' && path !== '/readyz')
    .map(({ method, path, status }) => `${method} ${path.split('/').at(-1)} ${status}`);
}

async function resticRuns(
  device: Device,
  { files, images }: Furnished,
  folder: string,
): Promise<UnchangedRuns['theirs']> {
  await writeFile(join(folder, 'password'), 'a repository of minutes\n', { mode: 0o600 });
  const env = {
    ...device.env,
    RESTIC_REPOSITORY: join(folder, 'repository'),
    RESTIC_PASSWORD_FILE: join(folder, 'password'),
    RESTIC_CACHE_DIR: join(folder, 'cache'),
  };
  const apps = join(folder, 'apps');
  await writeFile(apps, await device.must('flatpak', ['list', '--user', '--columns=application,origin,branch']));
  const places = ['.config/dconf/user', ...files, ...images].map((path) => join(device.home, path));
  const backUp = async () => {
    const cost = await measureProcess('restic', ['backup', '--json', ...places, apps], { env, cwd: device.home });
    assert.equal(cost.exit, 0, cost.stderr);
    return cost;
  };
  await device.must('restic', ['init'], { env });
  await backUp();
  return async () => {
    const cost = await backUp();
    const summary = JSON.parse(cost.stdout.trimEnd().split('\n').at(-1) ?? '{}');
    assert.equal(summary.files_unmodified, places.length + 1, 'restic saw every file');
    assert.equal(summary.files_new + summary.files_changed, 0, 'restic found nothing new');
    return cost;
  };
}
