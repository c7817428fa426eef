/**
 * What a restore is given, made from the agent. The service is asked first: policy and preferences as they are now decide.
 */

import type { Client } from '../client/client.ts';
import type { RestoreInput } from '../restore/restore.ts';
import type { Agent, AgentClientOptions } from './agent.ts';
import { notEnrolled } from './real-agent.ts';

export type StepListener = NonNullable<RestoreInput['onStep']>;

export async function restoreParts(
  agent: Agent,
  onStep?: StepListener,
  options?: AgentClientOptions,
): Promise<RestoreInput> {
  const client = await agent.client(options);
  const checkIn = await client.checkIn({ device: await agent.device(), manifestFormat: 1 });
  return partsWith(agent, client, checkIn, onStep);
}

/** With what the service said last: a stopped restore and an undo go on without it. Errors: notEnrolled. */
export async function partsOffline(
  agent: Agent,
  onStep?: StepListener,
  options?: AgentClientOptions,
): Promise<RestoreInput> {
  const client = await agent.client(options);
  const service = await agent.state.read('service');
  if (service === undefined) return restoreParts(agent, onStep, options);
  return partsWith(agent, client, service.checkIn, onStep);
}

async function partsWith(
  agent: Agent,
  client: Client,
  checkIn: RestoreInput['checkIn'],
  onStep: StepListener | undefined,
): Promise<RestoreInput> {
  const enrollment = await agent.state.read('enrollment');
  if (enrollment === undefined) throw notEnrolled();
  const [catalog, device, apps, { mechanismsOf }] = await Promise.all([
    agent.catalog(),
    agent.device(),
    import('../apps/apps.ts'),
    import('../settings/settings.ts'),
  ]);
  return {
    system: agent.system,
    client,
    checkIn,
    device,
    catalog,
    mechanisms: await mechanismsOf(agent.system),
    apps,
    language: agent.out.language,
    organization: enrollment.organization,
    ...(await elevatedOn(agent)),
    ...(onStep === undefined ? {} : { onStep }),
  };
}

/** Loaded on Windows only. */
async function elevatedOn({ system }: Agent): Promise<Pick<RestoreInput, 'elevated'>> {
  if (system.handOver === undefined) return {};
  const { elevatedDoor } = await import('../elevated/ask.ts');
  const elevated = elevatedDoor(system);
  return elevated === undefined ? {} : { elevated };
}
