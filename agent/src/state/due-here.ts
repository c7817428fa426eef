/** What the schedule says on this PC at this moment: the network is asked where only it is left to hold a run. */

import type { Due } from '@carryover/model/schedule';
import type { System } from '../system/system.ts';
import { dueNow, type KnownHere } from './standing.ts';

/** Errors: as System.run, where there is a network manager and it cannot be asked. */
export async function dueHere(system: System, known: KnownHere): Promise<Due> {
  const said = dueNow(known);
  if (!said.due || known.service?.checkIn.policy.meteredAllowed !== false) return said;
  // A run that is not due, and nearly none is, need not load it.
  const { isMetered } = await import('../system/metered.ts');
  return (await isMetered(system)) ? dueNow(known, 'meteredNetwork') : said;
}
