/** The desktop's entries, as the commands put them in and take them out: the one for `first-desktop`, and the settings page's. */

import { KnownError } from '@carryover/model/errors';
import { installMenuEntry, removeMenuEntry } from '../pages/menu-entry.ts';
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

/** The settings page among the person's applications; where that cannot be, `carryover settings` opens it all the same. */
export async function makeFindable(agent: Parts): Promise<void> {
  await remarked(agent, () => installMenuEntry(agent.system, agent.config.launcher));
}

export async function makeUnfindable(agent: Parts): Promise<void> {
  await remarked(agent, () => removeMenuEntry(agent.system));
}

async function remarked({ out }: Parts, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    out.note(`${out.signs.warning} ${error.message}`);
  }
}
