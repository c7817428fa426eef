/** What a device says of itself, as columns of its row. Pure. */

import { type DeviceFacts, normalDomain } from '@carryover/model/device';

export function rowFrom(facts: DeviceFacts) {
  return {
    name: facts.name,
    platform: facts.platform,
    build: facts.build,
    os_name: facts.osName,
    machine_hash: facts.machineHash,
    agent_version: facts.agentVersion,
    ...systemOf(facts),
  };
}

/** Empty for what a system is not: a prepared query compares without asking for null. */
export function systemOf({ edition = '', osJoin }: DeviceFacts) {
  return { edition, os_domain: normalDomain(osJoin?.domain ?? ''), os_entra: osJoin?.entra === true ? 1 : 0 };
}
