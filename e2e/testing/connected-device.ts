/** A device with a desktop, connected to a service that runs in the test itself, where the test can reach its inside. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Organization, Person, TestService } from '../../server/testing/service.ts';
import { aDevice, type Device } from './device.ts';
import { furnish } from './furnish.ts';
import { signsInAs } from './organization.ts';
import { succeeded } from './story.ts';

export interface ConnectedDevice extends AsyncDisposable {
  readonly device: Device;
}

export interface ConnectOptions {
  readonly person: Person;
  readonly name: string;
  /** More of the device's environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A furnished device that this person has connected to the organization. Disposing of it ends all that it started. */
export async function aConnectedDevice(
  { url }: Pick<TestService, 'url'>,
  { tenantId }: Organization,
  { person, name, env = {} }: ConnectOptions,
): Promise<ConnectedDevice> {
  const memory = await mkdtemp(join(tmpdir(), 'carryover-person-'));
  const signIn = await signsInAs({ ...person, displayName: person.userPrincipalName }, memory);
  const device = await aDevice({
    name,
    env: { ...signIn, CARRYOVER_DEVICE_NAME: name, CARRYOVER_MACHINE_ID: name, ...env },
  });
  const remove = async () => {
    await device.remove();
    await rm(memory, { recursive: true, force: true });
  };
  try {
    succeeded(await device.agent('enroll', `${url}/enroll/${tenantId}`));
    await furnish(device, { apps: 0 });
  } catch (error) {
    await remove();
    throw error;
  }
  return { device, [Symbol.asyncDispose]: remove };
}
