/**
 * `carryover first-desktop`: what the desktop starts when the person signs in (schedule/autostart.ts).
 *
 * A choice that waits is carried out, with the restore page as its progress window and closing notice, or a notice of
 * the desktop where no window can be opened; a restore that was stopped goes on. Where nothing is decided and the
 * organization lets people restore at setup or at the first sign-in, the restore page is opened. In every other case this
 * is gone again at once: what is not needed to see that there is nothing to do is not loaded.
 */

import { KnownError } from '@carryover/model/errors';
import type { RestoreStage } from '@carryover/model/local-pages';
import type { Agent } from './agent.ts';
import { parsed } from './words.ts';

/** Errors: partlyDone when something could not be brought over; what stopped a restore; missingPart never: then there is no window. */
export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('first-desktop', args);
  const due = await dueOf(agent);
  if (due === 'nothing') {
    if (values.json) agent.out.json({ did: 'nothing' });
    return;
  }
  const { attend } = await import('./attend-desktop.ts');
  const { did, stage } = await attend(agent, due, { opensWindow: values['no-window'] !== true });
  if (values.json) agent.out.json({ did, ...(stage?.kind === 'done' ? resultJson(stage) : {}) });
  if (stage !== undefined) mustHaveEndedWell(stage);
}

export type Due =
  /** Something waits to be carried out, to be gone on with, or to be said. */
  | 'carryOut'
  | 'ask'
  /** The service has to hear that this PC was set up as new. */
  | 'tell';

/** What there is to do on this desktop, from the state folder alone. */
export async function dueOf({ state, system }: Pick<Agent, 'state' | 'system'>): Promise<Due | 'nothing'> {
  const choice = await state.read('choice');
  if (choice?.choice.kind === 'profile' && choice.ended === undefined) return 'carryOut';
  if (choice?.ended?.what === 'restored' && !choice.ended.seen) return 'carryOut';
  if (await isStopped(system)) return 'carryOut';
  const isConnected = (await state.read('enrollment')) !== undefined;
  // Decided without ever connecting: there is nobody to tell.
  if (choice !== undefined) return choice.told || !isConnected ? 'nothing' : 'tell';
  if (!isConnected) {
    const { linkInPlace } = await import('./enrollment-place.ts');
    return (await linkInPlace(system)) === undefined ? 'nothing' : 'ask';
  }
  const service = await state.read('service');
  if (service === undefined) return 'nothing';
  const { eligibility } = service.checkIn;
  const { occasionAmong } = await import('@carryover/model/restore-occasion');
  const { occasionsAtFirst } = await import('../restore/occasions.ts');
  return occasionAmong(await occasionsAtFirst(state, system), eligibility) === undefined ? 'nothing' : 'ask';
}

/** A device that never restored has no folder of restores, and need not load what reads it. */
async function isStopped(system: Agent['system']): Promise<boolean> {
  if ((await system.facts(`${system.stateFolder}/restores`)) === undefined) return false;
  const { isOpen, journals } = await import('../restore/journal.ts');
  return (await journals(system)).some(isOpen);
}

function resultJson({ result }: Extract<RestoreStage, { kind: 'done' }>) {
  const { deviceName, items, reported } = result;
  return { deviceName, reported, notDone: items.filter(({ status }) => status === 'failed').map(({ id }) => id) };
}

/** Errors: as what the page shows; the desktop's own log is where they are found. */
function mustHaveEndedWell(stage: RestoreStage): void {
  if (stage.kind === 'done') {
    const failed = stage.result.items.filter(({ status }) => status === 'failed');
    if (failed.length === 0) return;
    throw new KnownError('partlyDone', `${failed.length} items could not be brought over.`, {
      details: { items: failed.map(({ id }) => id) },
    });
  }
  const fault =
    stage.kind === 'blocked'
      ? stage.fault
      : stage.kind === 'checking'
        ? stage.checks.find(({ state }) => state === 'failed')?.fault
        : undefined;
  if (fault === undefined) return;
  const { code, message, inner, reasons } = fault;
  throw new KnownError(code, message, { details: { reasons }, ...(inner === undefined ? {} : { inner }) });
}
