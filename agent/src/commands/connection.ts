/**
 * A connection to a service, put together from its parts: clock, network, proofs, tokens, client.
 *
 * The one place that knows how they fit; `enroll`, `doctor` and every command that asks the service use it.
 */

import { type Client, serviceClient } from '../client/client.ts';
import { type ServiceClock, serviceClock } from '../client/clock.ts';
import { proofsOf } from '../client/dpop.ts';
import { type Http, httpDoor } from '../client/http.ts';
import { type DeviceResource, type TokenSource, tokenSource } from '../client/tokens.ts';
import type { DeviceKeyState, EnrollmentState } from '../state/state.ts';
import type { Agent } from './agent.ts';

export type Connected = Pick<EnrollmentState, 'serviceUrl' | 'issuer' | 'tokenEndpoint'> &
  Partial<Pick<EnrollmentState, 'deviceId' | 'ca' | 'enrolledAt' | 'userId' | 'userPrincipalName'>>;

export interface Connection {
  readonly client: Client;
  readonly http: Http;
  readonly clock: ServiceClock;
  readonly tokens: TokenSource;
}

export interface ConnectOptions {
  readonly key: DeviceKeyState;
  readonly maySignIn: boolean;
}

type Parts = Pick<Agent, 'system' | 'state' | 'config' | 'out'>;

/** Opens nothing yet; the first request does. */
export async function connect(parts: Parts, service: Connected, options: ConnectOptions): Promise<Connection> {
  const { system, state, config } = parts;
  const known = await state.read('service');
  const clock = serviceClock(() => system.now(), known?.clockOffsetMs);
  const lastHeard = known?.checkedInAt ?? service.enrolledAt;
  const http = httpDoor({
    clock,
    now: () => system.now(),
    timeoutMs: config.requestTimeoutMs,
    trust:
      service.ca === undefined
        ? undefined
        : { ca: service.ca, notBefore: lastHeard === undefined ? undefined : Temporal.Instant.from(lastHeard) },
  });
  const proofs = proofsOf(options.key, clock);
  const tokens = tokenSource({
    endpoint: { url: new URL(service.tokenEndpoint), http, proofs, clock },
    state,
    signIn: options.maySignIn
      ? async (resource: DeviceResource) => {
          const { askToSignIn } = await import('./ask-to-sign-in.ts');
          return (await askToSignIn(parts, service, { resources: [resource], http, proofs, clock })).granted;
        }
      : undefined,
  });
  const client = serviceClient({
    serviceUrl: service.serviceUrl,
    deviceId: service.deviceId,
    http,
    proofs,
    tokens,
    clock,
    state,
    monotonicMs: () => system.monotonicMs(),
  });
  return { client, http, clock, tokens };
}
