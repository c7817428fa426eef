/** Backups of this PC that happen by themselves: what starts them is put in place, and remembered as ours. */

import { KnownError } from '@carryover/model/errors';
import { installSchedule, type ScheduleKind } from '../schedule/schedule.ts';
import type { Agent } from './agent.ts';
import { installEntry } from './desktop-entry.ts';

type Parts = Pick<Agent, 'system' | 'state' | 'config' | 'out'>;

/** Safe to repeat. Errors: missingPart without the program or without anything that starts it; those of schedule.ts. */
export async function startByItself(agent: Parts): Promise<ScheduleKind> {
  const { system, state, config } = agent;
  if ((await system.facts(config.launcher)) === undefined)
    throw new KnownError('missingPart', `There is no ${config.launcher} that the schedule could call.`);
  const kind = await installSchedule(system, config.launcher);
  await installEntry(agent);
  await state.write('schedule', { kind, installedAt: system.now().toString() });
  return kind;
}

/**
 * The same, as part of connecting a PC: what starts it asks often, and whether it is time is the policy's word, so that
 * nothing happens before the organization allows it. Another home than the account's own is left to `schedule install`.
 * What stands in the way is a remark, and no reason not to be connected.
 */
export async function startByItselfWhenConnected(agent: Parts): Promise<void> {
  const { system, out } = agent;
  if (!system.isAccountHome) return;
  try {
    await startByItself(agent);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    out.note(`${out.signs.warning} ${error.message}`);
  }
}
