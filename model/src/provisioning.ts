/**
 * How a PC came to its organization, and what follows from it for backup and restore.
 *
 * What is not known (undefined where one is asked for) is a PC that its person set up.
 *
 * Pure. Source: product.md R8; microsoft-facts.md 3 and 4.
 */

/**
 * manual: connected in the settings of a PC that was in use. userDriven, preProvisioned, selfDeploying: by Autopilot.
 * reset: set up anew by Autopilot reset. coManaged, groupPolicy: enrolled by what managed it before.
 */
export const PROVISIONINGS = [
  'manual',
  'userDriven',
  'preProvisioned',
  'selfDeploying',
  'reset',
  'coManaged',
  'groupPolicy',
] as const;
export type Provisioning = (typeof PROVISIONINGS)[number];

interface Consequences {
  /** Its person went through the set-up of the device, where the restore page is. */
  readonly restoresAtSetup: boolean;
  /** It belongs to a person whose settings can be kept. */
  readonly hasPerson: boolean;
}

export const CONSEQUENCES: Readonly<Record<Provisioning, Consequences>> = {
  manual: { restoresAtSetup: false, hasPerson: true },
  userDriven: { restoresAtSetup: true, hasPerson: true },
  preProvisioned: { restoresAtSetup: false, hasPerson: true },
  selfDeploying: { restoresAtSetup: false, hasPerson: false },
  reset: { restoresAtSetup: false, hasPerson: true },
  coManaged: { restoresAtSetup: false, hasPerson: true },
  groupPolicy: { restoresAtSetup: false, hasPerson: true },
};
