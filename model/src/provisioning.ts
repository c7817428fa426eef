/**
 * How a PC came to its organization, and what follows from it for backup and restore.
 *
 * The modes that the service freezes at enrollment (device.ts), and the ways of Windows that end in an enrollment
 * without the restore page. What is not known (undefined where one is asked for) is a PC that its person set up.
 *
 * Pure. Source: product.md R8; microsoft-facts.md 3 and 4.
 */

import { PROVISIONING_MODES } from './device.ts';

/**
 * settings: connected under Access work or school, on a PC that was in use. reset: set up anew by Autopilot reset.
 * coManaged, groupPolicy: enrolled by what managed it before.
 */
export const WAYS_TO_ENROLL = [...PROVISIONING_MODES, 'settings', 'reset', 'coManaged', 'groupPolicy'] as const;
export type WayToEnroll = (typeof WAYS_TO_ENROLL)[number];

interface Consequences {
  /** Its person went through the set-up of the device, where the restore page is. */
  readonly restoresAtSetup: boolean;
  /** It belongs to a person whose settings can be kept. */
  readonly hasPerson: boolean;
}

export const CONSEQUENCES: Readonly<Record<WayToEnroll, Consequences>> = {
  manual: { restoresAtSetup: true, hasPerson: true },
  userDriven: { restoresAtSetup: true, hasPerson: true },
  preProvisioned: { restoresAtSetup: false, hasPerson: true },
  selfDeploying: { restoresAtSetup: false, hasPerson: false },
  settings: { restoresAtSetup: false, hasPerson: true },
  reset: { restoresAtSetup: false, hasPerson: true },
  coManaged: { restoresAtSetup: false, hasPerson: true },
  groupPolicy: { restoresAtSetup: false, hasPerson: true },
};
