import assert from 'node:assert/strict';
import { test } from 'node:test';
import { flowAgent } from '../../testing/flow-agent.ts';
import { memoryService } from '../../testing/memory-service.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { restorePageParts } from './restore-page.ts';

const PROFILE = '11111111-1111-4111-8111-111111111111';
const osRelease = (version: string) => `ID=debian\nVERSION_ID="${version}"\nPRETTY_NAME="Debian ${version}"\n`;

test('once it was read anew the service hears what this PC is after its updates', async () => {
  const system = memorySystem();
  system.put('/etc/machine-id', 'a1b2c3d4e5f60718293a4b5c6d7e8f90\n');
  system.put('/etc/os-release', osRelease('11'));
  const service = memoryService();
  const agent = await flowAgent(system, service, { profileId: PROFILE, name: 'AUE-LT-0417' });
  const told: string[] = [];
  const client = async () => ({
    ...(await agent.client()),
    async checkIn(request: Parameters<Awaited<ReturnType<typeof agent.client>>['checkIn']>[0]) {
      told.push(request.device.build);
      return (await agent.client()).checkIn(request);
    },
  });
  const device = async () => ({ ...(await agent.device()), build: 'debian 11' });
  const parts = restorePageParts({ ...agent, client, device });

  await parts.checkIn();
  system.put('/etc/os-release', osRelease('12'));
  await parts.checkIn();
  await parts.readDeviceAnew();
  await parts.checkIn();

  assert.deepEqual(told, ['debian 11', 'debian 11', 'debian 12']);
});
