/** Deployment keys that nobody else has. */

import { createHash, randomBytes } from 'node:crypto';
import { type DeploymentKey, deploymentKeyFrom } from '../src/keys/deployment-key.ts';

/** As an operator keeps it. */
export function aRecoveryCopy(): string {
  const key = randomBytes(32);
  const checksum = createHash('sha256').update('carryover deployment key checksum').update(key).digest('hex');
  return key.toString('hex') + checksum.slice(0, 4);
}

export function aDeploymentKey(): DeploymentKey {
  return deploymentKeyFrom(aRecoveryCopy());
}
