/**
 * A device as Carryover knows it: what it says of itself, and how it was enrolled.
 *
 * The service decides the join type and how a device was provisioned, never the agent. Pure.
 *
 * Source: product.md "device", R8; graph-api.md, section 6 (what a deployment profile says).
 */

import type { Platform } from './setting.ts';

/** joined: the organization's PC. hybrid: joined and in its AD domain. registered: a personal PC. */
export const JOIN_TYPES = ['joined', 'hybrid', 'registered'] as const;
export type JoinType = (typeof JOIN_TYPES)[number];

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
  /** Which directory the system itself is in; absent when it is in none. */
  readonly osJoin?: OsJoin;
}

/** What the operating system says of its own membership. A claim of the device, not our join type. */
export interface OsJoin {
  /** DNS name of the Active Directory domain, e.g. "corp.contoso.example". */
  readonly domain?: string;
  /** Joined to Entra ID, so that Microsoft's own client may serve it too. */
  readonly entra?: boolean;
}

/** DNS names are the same in any case and with or without the root's dot. */
export function normalDomain(domain: string): string {
  return domain.trim().replace(/\.$/, '').toLowerCase();
}

/**
 * `allowed`: the person may join PCs, or IT's enrollment token says so. A domain counts only when the organization named
 * it as its own: a PC in somebody else's domain is not hybrid, however it was joined.
 */
export function joinTypeOf(facts: {
  readonly allowed: boolean;
  readonly domain: string | undefined;
  readonly organizationDomains: readonly string[];
}): JoinType {
  if (!facts.allowed) return 'registered';
  const domain = facts.domain === undefined ? '' : normalDomain(facts.domain);
  return facts.organizationDomains.some((own) => normalDomain(own) === domain) ? 'hybrid' : 'joined';
}

/**
 * How a device came to the organization, frozen at enrollment. manual: a person signed in, nothing was prepared.
 * userDriven, selfDeploying, preProvisioned: by an Autopilot profile that IT made.
 */
export const PROVISIONING_MODES = ['manual', 'userDriven', 'selfDeploying', 'preProvisioned'] as const;
export type ProvisioningMode = (typeof PROVISIONING_MODES)[number];

export interface Provisioning {
  readonly mode: ProvisioningMode;
  /** The Autopilot profile, as it was called then; absent when there was none. */
  readonly profileId?: string;
  readonly profileName?: string;
}

/** R8: a PC that nobody sat at while it was set up has nobody to restore for. */
export function mayRestoreAtSetup(mode: ProvisioningMode): boolean {
  return mode === 'manual' || mode === 'userDriven';
}
