/**
 * `carryover unenroll`: disconnects this PC. The service revokes this person's key; what is stored stays there.
 *
 * When the service cannot be told, the PC stays connected unless `--force` says otherwise: a key that nobody revoked is
 * the administrator's to remove.
 */

import { KnownError } from '@carryover/model/errors';
import type { StateFiles } from '../state/state.ts';
import type { Agent } from './agent.ts';
import { makeUnfindable, removeEntry } from './desktop-entry.ts';
import { notEnrolled } from './real-agent.ts';
import { parsed } from './words.ts';

const FILES: readonly (keyof StateFiles)[] = [
  'tokens',
  'device-key',
  'service',
  'acknowledged',
  'attempts',
  'schedule',
  'choice',
  'switches',
  'enrollment',
];

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('unenroll', args);
  const { state, out } = agent;
  const { organization, told } = await state.exclusively(async () => {
    const enrollment = await state.read('enrollment');
    if (enrollment === undefined) throw notEnrolled();
    const told = await tell(agent, values.force ?? false);
    await removeSchedule(agent);
    await removeEntry(agent);
    await makeUnfindable(agent);
    // The enrollment last: until it is gone the command can be run again.
    for (const name of FILES) await state.remove(name);
    return { organization: enrollment.organization, told };
  });
  if (values.json) return out.json({ organization, told });
  const { gone, kept, notTold } = TEXTS[out.language];
  out.line(`${out.signs.done} ${gone.replace('{org}', organization)}`);
  out.line(`  ${kept}`);
  if (!told) out.note(`${out.signs.warning} ${notTold}`);
}

/** The service has nothing of this device to give back: it does not know it, or IT took it out of use. */
const KNOWN_AS_GONE = ['deviceUnknown', 'deviceRevoked'];

/** True when the service knows. Errors: its own, unless `force`. A device the service does not know any more is fine. */
async function tell(agent: Agent, force: boolean): Promise<boolean> {
  try {
    const client = await agent.client({ maySignIn: !force });
    await client.unenroll();
    return true;
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    if (error.code === 'itemNotFound' || KNOWN_AS_GONE.includes(error.inner ?? '')) return true;
    if (force) return false;
    throw new KnownError(
      error.code,
      `${error.message} To disconnect without telling the service: carryover unenroll --force`,
      {
        cause: error,
        details: error.details,
        ...(error.inner === undefined ? {} : { inner: error.inner }),
      },
    );
  }
}

/** Only the one that was installed from here. One that cannot be removed finds nothing to do, and does not keep the PC connected. */
async function removeSchedule({ system, state, out }: Agent): Promise<void> {
  if ((await state.read('schedule')) === undefined) return;
  const { removeSchedule: remove } = await import('../schedule/schedule.ts');
  try {
    await remove(system);
  } catch (error) {
    if (!(error instanceof KnownError)) throw error;
    out.note(`${out.signs.warning} ${error.message}`);
  }
}

const TEXTS = {
  en: {
    gone: 'This PC is no longer connected to {org}',
    kept: 'What is backed up stays there. To connect again: carryover enroll LINK',
    notTold: 'The service does not know yet. Ask IT to remove this PC.',
  },
  de: {
    gone: 'Dieser PC ist nicht mehr mit {org} verbunden',
    kept: 'Was gesichert ist, bleibt dort. Wieder verbinden: carryover enroll LINK',
    notTold: 'Der Dienst weiß es noch nicht. Bitten Sie die IT, diesen PC zu entfernen.',
  },
} as const;
