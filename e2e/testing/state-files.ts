/** The agent's state files as they lie on a device, for stories that need time to have passed or a disk to have failed. */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StateFiles } from '../../agent/src/state/state.ts';
import type { Device } from './device.ts';

/** Relative to HOME. */
const STATE_FOLDER = '.local/state/carryover';

export function stateFile(device: Device, name: string): string {
  return join(device.home, STATE_FOLDER, name);
}

/** Errors: the system's own when there is no such file. */
export async function readState<Name extends keyof StateFiles>(device: Device, name: Name): Promise<StateFiles[Name]> {
  return JSON.parse(await readFile(stateFile(device, `${name}.json`), 'utf8'));
}

export async function changeState<Name extends keyof StateFiles>(
  device: Device,
  name: Name,
  change: Partial<StateFiles[Name]>,
): Promise<void> {
  const changed = { ...(await readState(device, name)), ...change };
  await writeFile(stateFile(device, `${name}.json`), JSON.stringify(changed), { mode: 0o600 });
}

/** Makes a backup due, as if this device had been connected and backed up long enough ago. */
export async function letTimePass(device: Device, days = 9): Promise<void> {
  const at = Temporal.Now.instant()
    .subtract({ hours: days * 24 })
    .toString();
  await changeState(device, 'enrollment', { enrolledAt: at });
  await changeState(device, 'service', { backupAllowedSince: at }).catch(() => {
    // Never in contact.
  });
  await changeState(device, 'acknowledged', { lastBackupAt: at }).catch(() => {
    // No backup yet.
  });
  // Every slot of a cycle has passed by then, and so has the time at which a missed one is caught up.
  const noticedAt = Temporal.Now.instant().subtract({ hours: 22 }).toString();
  const attempts = { failures: 0, missed: { noticedAt, times: 2 } };
  await writeFile(stateFile(device, 'attempts.json'), JSON.stringify(attempts), { mode: 0o600 });
}
