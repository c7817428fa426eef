/**
 * A program together with everything it starts, as one thing that can be ended.
 *
 * On Linux that is a process group. Windows has none that outsiders can end: there the tree of children is, and asking
 * is the same as ending.
 */

import { spawnSync } from 'node:child_process';

const ON_WINDOWS = process.platform === 'win32';

/** Options of spawn that make such a group; on Windows a detached program would open a window of its own. */
export const SPAWN_AS_GROUP = { detached: !ON_WINDOWS, windowsHide: true } as const;

/** Fine when it is gone already. */
export function signalGroup(pid: number | undefined, name: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  if (ON_WINDOWS) {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, name);
  } catch {
    // Gone already.
  }
}
