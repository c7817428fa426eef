/** An agent on a desktop of its own, enrolled at a service in memory: what the commands of both flows are given in tests. */

import type { Agent } from '../src/commands/agent.ts';
import { agentOn } from '../src/commands/real-agent.ts';
import { configFrom } from '../src/config.ts';
import type { System } from '../src/system/system.ts';
import type { MemoryService } from './memory-service.ts';
import { type CapturedOut, capturedOut } from './test-agent.ts';

export interface FlowAgent extends Agent {
  readonly out: CapturedOut;
}

export async function flowAgent(
  system: System,
  service: MemoryService,
  {
    profileId,
    name,
    now,
    enrolledAt = '2026-11-01T08:00:00Z',
  }: {
    readonly profileId: string;
    readonly name: string;
    readonly now?: () => Temporal.Instant;
    readonly enrolledAt?: string;
  },
): Promise<FlowAgent> {
  const out = capturedOut('en');
  const machine = now === undefined ? system : { ...system, now };
  const agent = agentOn({ system: machine, out, config: configFrom({}) });
  const client = service.clientOf(profileId);
  await agent.state.write('enrollment', {
    serviceUrl: 'https://backup.example.org',
    issuer: 'https://backup.example.org/t/v2.0',
    tokenEndpoint: 'https://backup.example.org/t/v2.0/token',
    tenantId: 'bfa8e3b5-4d0c-4c4f-9a37-3f0f4f2f5f01',
    organization: 'Auental County',
    deviceId: profileId,
    profileId,
    joinType: 'joined',
    userId: 'a36d1f0e-6f1b-4f7e-9b9a-93a8f1f0b2c3',
    userPrincipalName: 'lena.brandt@auental.example',
    displayName: 'Lena Brandt',
    enrolledAt,
  });
  return {
    ...agent,
    out,
    device: async () => ({
      name,
      platform: 'linux',
      build: 'debian 12 gnome 43',
      osName: 'Debian GNU/Linux 12',
      machineHash: 'ab',
      agentVersion: '0.1.0',
    }),
    client: async () => ({
      ...client,
      async checkIn(request) {
        const checkIn = await client.checkIn(request);
        const { session: _, ...kept } = checkIn;
        await agent.state.write('service', { checkIn: kept, clockOffsetMs: 0, checkedInAt: kept.now });
        return checkIn;
      },
    }),
  };
}
