/**
 * Whether the network costs money by volume, as NetworkManager knows or guesses it, or Windows. A PC without is
 * not metered.
 *
 * Source: NMMetered in NetworkManager's D-Bus interface, types of libnm: 0 unknown, 1 yes, 2 no, 3 guessed yes, 4 guessed no.
 */

import { KnownError } from '@carryover/model/errors';
import type { System } from './system.ts';

const NAME = 'org.freedesktop.NetworkManager';
const SYSTEM_BUS = '/run/dbus/system_bus_socket';
const METERED = ['u 1', 'u 3'];
/** Long for a bus, short for a run that nobody waits for. */
const TIMEOUT_MS = 30_000;

export async function isMetered(system: System): Promise<boolean> {
  if (system.isMetered !== undefined) return system.isMetered();
  // Without a system bus there is nobody to ask, and no program needs to be started to see that.
  if (!system.env['DBUS_SYSTEM_BUS_ADDRESS'] && (await system.facts(SYSTEM_BUS)) === undefined) return false;
  try {
    const { exit, stdout } = await system.run(
      'busctl',
      ['--system', 'get-property', NAME, '/org/freedesktop/NetworkManager', NAME, 'Metered'],
      { readOnly: true, timeoutMs: TIMEOUT_MS },
    );
    return exit === 0 && METERED.includes(stdout.trim());
  } catch (error) {
    if (error instanceof KnownError && error.code === 'missingPart') return false;
    throw error;
  }
}
