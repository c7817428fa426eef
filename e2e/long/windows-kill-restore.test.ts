/** A restore on a Windows PC that is killed at twenty moments, anywhere from its plan to its report. */

import { after, before, test } from 'node:test';
import { killRestores } from '../testing/killed-restore.ts';
import { aWindowsStory, type WindowsStory } from '../testing/windows-story.ts';

let windows: WindowsStory;

before(async () => {
  windows = await aWindowsStory();
});
after(() => windows?.remove());

test('killed at twenty moments, a restore is finished by the next run, does nothing twice and can be undone', async (t) => {
  await killRestores(windows.fresh, { points: 20, seed: 7, tell: (line) => t.diagnostic(line) });
});
