/**
 * A connection to a service, put together from its parts: clock, network, proofs, tokens, client.
 *
 * The one place that knows how they fit; `enroll`, `doctor` and every command that asks the service use it.
 */

import { type Client, serviceClient } from '../client/client.ts';
import { type ServiceClock, serviceClock } from '../client/clock.ts';
import { proofsOf } from '../client/dpop.ts';
import { type Http, httpDoor } from '../client/http.ts';
import { type DeviceResource, tokenSource } from '../client/tokens.ts';
import { localPolicy } from '../policy/policy.ts';
import type { DeviceKeyState, EnrollmentState } from '../state/state.ts';
import type { Agent } from './agent.ts';

export type Connected = Pick<EnrollmentState, 'serviceUrl' | 'issuer' | 'tokenEndpoint'> &
  Partial<Pick<EnrollmentState, 'deviceId' | 'ca' | 'enrolledAt' | 'userId' | 'userPrincipalName'>>;

export interface Network {
  readonly http: Http;
  readonly clock: ServiceClock;
}

export interface ConnectOptions {
  readonly key: DeviceKeyState;
  readonly maySignIn: boolean;
  /** The network to use, when there is one already. */
  readonly network?: Network;
}

type Parts = Pick<Agent, 'system' | 'state' | 'config' | 'out'>;

/** The way to a service, with the time and the trust of the last contact. Opens nothing before the first request. */
export async function networkOf(
  { system, state, config }: Parts,
  { ca, enrolledAt }: Pick<Connected, 'ca' | 'enrolledAt'>,
): Promise<Network> {
  const known = await state.read('service');
  const clock = serviceClock(() => system.now(), known?.clockOffsetMs);
  const lastHeard = known?.checkedInAt ?? enrolledAt;
  const notBefore = lastHeard === undefined ? undefined : Temporal.Instant.from(lastHeard);
  const trust = ca === undefined ? undefined : { ca, notBefore };
  const store = async () => (await import('../client/system-authorities.ts')).systemAuthorities(system);
  const now = () => system.now();
  return { clock, http: httpDoor({ clock, now, timeoutMs: config.requestTimeoutMs, trust, store }) };
}

/** A client of the service that this device's key and the person's sign-in speak for. */
export async function connect(parts: Parts, service: Connected, options: ConnectOptions): Promise<Client> {
  const { http, clock } = options.network ?? (await networkOf(parts, service));
  const proofs = proofsOf(options.key, clock);
  const tokens = tokenSource({
    endpoint: { url: new URL(service.tokenEndpoint), http, proofs, clock },
    state: parts.state,
    signIn: options.maySignIn
      ? async (resource: DeviceResource) => {
          const { askToSignIn } = await import('./ask-to-sign-in.ts');
          return (await askToSignIn(parts, service, { resources: [resource], http, proofs, clock })).granted;
        }
      : undefined,
  });
  const { serviceUrl, deviceId } = service;
  const { system, state, config } = parts;
  const monotonicMs = () => system.monotonicMs();
  const local = localPolicy(system, config.policyPlaces);
  return serviceClient({
    serviceUrl,
    deviceId,
    http,
    proofs,
    tokens,
    clock,
    state,
    monotonicMs,
    localPolicy: local,
  });
}
