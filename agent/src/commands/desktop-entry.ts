/** The desktop's entry for `first-desktop`, as `setup`, `schedule` and `unenroll` put it in and take it out. */

import { KnownError } from '@carryover/model/errors';
import { installAutostart, removeAutostart } from '../schedule/autostart.ts';
import type { Agent } from './agent.ts';

type Parts = Pick<Agent, 'system' | 'config' | 'out'>;

/** Without it a choice waits until somebody carries it out: a remark, and no reason to stop. */
export async function installEntry(agent: Parts): Promise<void> {
  await remarked(agent, () => installAutostart(agent.system, agent.config.launcher));
}

/** One that stays finds nothing to do. */
export async function removeEntry(agent: Parts): Promise<void> {
  await remarked(agent, () => removeAutostart(agent.system));
}

async function remarked({ out }: Parts, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    out.note(`${out.signs.warning} ${error.message}`);
  }
}
