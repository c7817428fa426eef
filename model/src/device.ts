/**
 * A device as Carryover knows it: what it says of itself, and how it was enrolled.
 *
 * The service decides the join type, never the agent. Pure.
 */

import type { Platform } from './setting.ts';

/** joined: the organization's PC. hybrid: joined and in its AD domain. registered: a personal PC. */
export type JoinType = 'joined' | 'hybrid' | 'registered';

export interface DeviceFacts {
  readonly name: string;
  readonly platform: Platform;
  /** Windows: "26100.4946". Linux: "debian 12 gnome 43". What eligibility is decided by; see `buildFrom`. */
  readonly build: string;
  /** For people: "Debian GNU/Linux 12 (bookworm), GNOME 43". */
  readonly osName: string;
  /** Windows: its EditionID, e.g. "Professional" or "CloudEdition" (Windows 11 SE). */
  readonly edition?: string;
  /** HMAC-SHA256 of the machine id under a fixed label, hex: tells a clone or a reset PC without telling the id. */
  readonly machineHash: string;
  readonly agentVersion: string;
}
