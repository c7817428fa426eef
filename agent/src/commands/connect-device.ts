/**
 * Connecting this PC to an organization: what is made before the person signs in, and what is kept afterwards.
 *
 * Nothing of a service is kept before it has proved, by the key the link names or by a trusted certificate, to be the one
 * the link was made for. An enrollment that fails half-way leaves nothing behind on this device.
 */

import { KnownError } from '@carryover/model/errors';
import type { Enrollment } from '@carryover/model/wire';
import { newDeviceKey, type Proofs, proofsOf } from '../client/dpop.ts';
import type { EnrollmentLink } from '../client/enrollment-link.ts';
import { isLoopback } from '../client/http.ts';
import type { SignedIn } from '../client/sign-in.ts';
import type { DeviceKeyState, EnrollmentState } from '../state/state.ts';
import { serialNumber } from '../system/os-join.ts';
import type { Agent } from './agent.ts';
import { startByItselfWhenConnected } from './by-itself.ts';
import { connect, type Network, networkOf } from './connection.ts';
import { makeFindable } from './desktop-entry.ts';

export interface Connecting {
  readonly link: EnrollmentLink;
  /** An enrollment token from IT. */
  readonly token: string | undefined;
  readonly service: Pick<EnrollmentState, 'serviceUrl' | 'issuer' | 'ca'>;
  readonly key: DeviceKeyState;
  readonly network: Network;
  readonly proofs: Proofs;
  readonly byItself: boolean;
}

export interface ConnectWith {
  readonly link: EnrollmentLink;
  readonly token?: string | undefined;
  /** A file with the certificate of the authority to trust. */
  readonly ca?: string | undefined;
  /** Backups happen by themselves from then on, when policy allows them. Default true. */
  readonly byItself?: boolean;
}

/** Makes the key and the way to the service; keeps nothing. Errors: conflict, inner "alreadyEnrolled"; notAllowed; invalidRequest. */
export async function prepareConnection(
  agent: Agent,
  { link, token, ca: file, byItself = true }: ConnectWith,
): Promise<Connecting> {
  await refuseSecond(agent);
  const ca = await authorityOf(agent, link, file);
  const service = { serviceUrl: link.serviceUrl, issuer: link.issuer, ...(ca === undefined ? {} : { ca }) };
  const key = newDeviceKey();
  const network = await networkOf(agent, service);
  const proofs = proofsOf(key, network.clock);
  return { link, token: token ?? link.token, service, key, network, proofs, byItself };
}

/**
 * Enrolls the device for the person whom `signIn` finds, who signs in for the enrollment and backup resources.
 *
 * Errors: those of `signIn` and of the service; then nothing is left on the device.
 */
export async function connectDevice(
  agent: Agent,
  { link, token, service, key, network, byItself }: Connecting,
  signIn: () => Promise<SignedIn>,
): Promise<EnrollmentState> {
  const { state } = agent;
  try {
    await state.write('device-key', key);
    const { granted, tokenEndpoint } = await signIn();
    await state.write('tokens', granted);
    const client = await connect(agent, { ...service, tokenEndpoint }, { key, maySignIn: false, network });
    const serial = await serialNumber(agent.system);
    const request = {
      device: await agent.device(),
      ...(token === undefined ? {} : { enrollmentToken: token }),
      ...(serial === undefined ? {} : { serialNumber: serial }),
    };
    const enrollment = await client.enroll(request);
    const kept = stateFrom(enrollment, { ...service, tokenEndpoint }, link);
    await state.write('enrollment', kept);
    // What an earlier enrollment was told is about another device.
    await Promise.all([state.remove('acknowledged'), state.remove('attempts')]);
    // "Set up as a new PC" may be said before anybody signs in; a backup can only have been chosen by somebody before.
    if ((await state.read('choice'))?.choice.kind === 'profile') await state.remove('choice');
    await makeFindable(agent);
    // A personal PC never backs up, however long it waits.
    if (byItself && kept.joinType !== 'registered') await startByItselfWhenConnected(agent);
    return kept;
  } catch (error) {
    await Promise.all([state.remove('device-key'), state.remove('tokens'), state.remove('service')]);
    throw error;
  }
}

function stateFrom(
  { person, deviceId, profileId, joinType, tenantId, organization, enrolledAt }: Enrollment,
  service: Pick<EnrollmentState, 'serviceUrl' | 'issuer' | 'tokenEndpoint' | 'ca'>,
  { pin }: EnrollmentLink,
): EnrollmentState {
  return {
    ...service,
    tenantId,
    organization,
    deviceId,
    profileId,
    joinType,
    ...person,
    enrolledAt,
    ...(pin === undefined ? {} : { caPin: pin }),
  };
}

async function refuseSecond({ state }: Agent): Promise<void> {
  const enrollment = await state.read('enrollment');
  // Without its key the device is connected in name only, and connecting it anew is all that helps.
  if (enrollment === undefined || (await state.read('device-key')) === undefined) return;
  throw new KnownError(
    'conflict',
    `This PC is connected to ${enrollment.organization} for ${enrollment.userPrincipalName}. Disconnect it first: carryover unenroll`,
    { inner: 'alreadyEnrolled' },
  );
}

/** Whom to trust for this service: the link's pin, a file, both agreeing, or the system's own store. */
async function authorityOf(agent: Agent, link: EnrollmentLink, file: string | undefined): Promise<string | undefined> {
  const given = await textOf(agent, file);
  const url = new URL(link.serviceUrl);
  if (url.protocol !== 'https:') {
    if (isLoopback(url.hostname)) return undefined;
    throw new KnownError('notAllowed', `${url.origin} is not encrypted. Ask IT for a link with https.`);
  }
  if (given === undefined && link.pin === undefined) return undefined;
  const { certificateFrom, keyDigest, pinnedAuthority } = await import('../client/tls.ts');
  if (given === undefined) {
    const host = url.hostname.replace(/^\[|\]$/g, '');
    const target = { host, port: Number(url.port || 443), timeoutMs: agent.config.requestTimeoutMs };
    return pinnedAuthority(target, link.pin ?? '');
  }
  const certificate = certificateFrom(given);
  if (certificate === undefined)
    throw new KnownError('invalidRequest', `${file} holds no certificate (PEM). Ask IT for the right file.`);
  if (link.pin !== undefined && keyDigest(certificate) !== link.pin)
    throw new KnownError(
      'invalidRequest',
      `The certificate in ${file} is not the one the link names. Ask IT which is right.`,
    );
  return certificate.toString();
}

/** The text of a file the person named. Errors: invalidRequest when there is none. */
export async function textOf({ system }: Agent, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const bytes = await system.readFile(path.startsWith('/') ? path : `${system.env['PWD'] ?? '.'}/${path}`);
  if (bytes === undefined) throw new KnownError('invalidRequest', `There is no file ${path}.`);
  return new TextDecoder().decode(bytes);
}
