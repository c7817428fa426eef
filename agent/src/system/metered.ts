/**
 * Whether the network costs money by volume, as NetworkManager knows or guesses it. A PC without it is not metered.
 *
 * Source: NMMetered in NetworkManager's D-Bus interface, types of libnm: 0 unknown, 1 yes, 2 no, 3 guessed yes, 4 guessed no.
 */

import { KnownError } from '@carryover/model/errors';
import type { System } from './system.ts';

const NAME = 'org.freedesktop.NetworkManager';
const METERED = ['u 1', 'u 3'];
/** Long for a bus, short for a run that nobody waits for. */
const TIMEOUT_MS = 30_000;

export async function isMetered(system: System): Promise<boolean> {
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
