/** What the restore page's flow is given, made from the agent: the service, the sign-in, the enrollment, the restore. */

import { setTimeout as wait } from 'node:timers/promises';
import type { DeviceFacts } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import { proofsOf } from '../client/dpop.ts';
import type { EnrollmentLink } from '../client/enrollment-link.ts';
import type { DeviceResource } from '../client/tokens.ts';
import type { BegunSignInHere, RestoreFlowParts } from '../pages/restore-flow.ts';
import { AGENT_VERSION } from '../version.ts';
import type { Agent } from './agent.ts';
import { connectDevice, prepareConnection } from './connect-device.ts';
import { networkOf } from './connection.ts';
import { notEnrolled } from './real-agent.ts';
import { partsOffline, restoreParts } from './restore-parts.ts';

export interface RestorePageOptions {
  /** Where this PC is connected to, when it is not yet. */
  readonly link?: EnrollmentLink | undefined;
  /** How often a network that does not answer is asked again, and how long between two tries. */
  readonly retries?: { readonly times: number; readonly everyMs: number };
}

/** Ten minutes, in which a person has found the cable. */
const RETRIES = { times: 40, everyMs: 15_000 };

export function restorePageParts(made: Agent, { link, retries = RETRIES }: RestorePageOptions = {}): RestoreFlowParts {
  const { system, state } = made;
  let afterUpdates: Promise<DeviceFacts> | undefined;
  const agent: Agent = { ...made, device: () => afterUpdates ?? made.device() };
  let triesLeft = retries.times;
  return {
    system,
    state,
    device: () => agent.device(),
    client: () => agent.client({ maySignIn: false }),
    async checkIn() {
      const client = await agent.client({ maySignIn: false });
      return client.checkIn({ device: await agent.device(), manifestFormat: 1 });
    },
    builds: () => agent.builds(),
    async readDeviceAnew() {
      const { deviceFacts } = await import('../system/device-facts.ts');
      afterUpdates = deviceFacts(system, AGENT_VERSION);
      await afterUpdates;
    },
    async reach() {
      const service = (await state.read('enrollment')) ?? link;
      if (service === undefined) throw notEnrolled();
      const url = new URL(`${service.serviceUrl}/healthz`);
      // A service that is not known yet is first asked when its certificate can be judged by the link's pin.
      if (!('deviceId' in service)) return url.host;
      const { http } = await networkOf(agent, service);
      const { status } = await http.request({ method: 'GET', url });
      if (status < 500) return url.host;
      throw new KnownError('serviceUnreachable', `${url.host} answers that it is not well (status ${status}).`);
    },
    async input({ current, ...watch }) {
      const make = current ? restoreParts : partsOffline;
      const { onStep, whenOffline } = watch;
      const input = await make(agent, onStep, { maySignIn: false });
      return whenOffline === undefined ? input : { ...input, whenOffline };
    },
    beginSignIn: (resource, redirectUri) => begunSignIn(agent, { resource, redirectUri, link }),
    async pause(asked) {
      if (asked.aborted) return true;
      if (triesLeft <= 0) return false;
      triesLeft -= 1;
      await wait(retries.everyMs, undefined, { signal: asked }).catch(() => undefined);
      return true;
    },
  };
}

interface Wanted {
  readonly resource: DeviceResource;
  readonly redirectUri: string;
  readonly link: EnrollmentLink | undefined;
}

async function begunSignIn(agent: Agent, { resource, redirectUri, link }: Wanted): Promise<BegunSignInHere> {
  const { beginSignIn } = await import('../client/sign-in.ts');
  const { state, out } = agent;
  const { language } = out;
  if (resource === 'enrollment') {
    if (link === undefined) throw notEnrolled();
    const connecting = await prepareConnection(agent, { link });
    const { service, network, proofs } = connecting;
    const parts = { issuer: service.issuer, ...network, proofs, language };
    const begun = await beginSignIn(['enrollment', 'backup'], parts, redirectUri);
    return {
      ...begun,
      async finish(returned) {
        await state.exclusively(() => connectDevice(agent, connecting, () => begun.finish(returned)));
      },
    };
  }
  const [enrollment, key] = [await state.read('enrollment'), await state.read('device-key')];
  if (enrollment === undefined || key === undefined) throw notEnrolled();
  const network = await networkOf(agent, enrollment);
  const proofs = proofsOf(key, network.clock);
  const parts = { issuer: enrollment.issuer, ...network, proofs, language, person: enrollment };
  const begun = await beginSignIn([resource], parts, redirectUri);
  return {
    ...begun,
    async finish(returned) {
      const { granted } = await begun.finish(returned);
      await state.write('tokens', { ...(await state.read('tokens')), ...granted });
    },
  };
}
