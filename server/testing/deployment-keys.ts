/** A deployment key that nobody else has. */

import { createHash, randomBytes } from 'node:crypto';
import { type DeploymentKey, deploymentKeyFrom } from '../src/keys/deployment-key.ts';

export function aDeploymentKey(): DeploymentKey {
  const key = randomBytes(32);
  const checksum = createHash('sha256').update('carryover deployment key checksum').update(key).digest('hex');
  return deploymentKeyFrom(key.toString('hex') + checksum.slice(0, 4));
}
