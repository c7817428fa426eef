/**
 * `carryover enroll LINK`: connects this PC to an organization and signs the person in.
 *
 * Nothing of a service is kept before it has proved, by the key the link names or by a trusted certificate, to be the one
 * the link was made for. An enrollment that fails half-way leaves nothing behind on this device.
 */

import { KnownError } from '@carryover/model/errors';
import type { Enrollment } from '@carryover/model/wire';
import { newDeviceKey, proofsOf } from '../client/dpop.ts';
import { type EnrollmentLink, enrollmentLinkFrom } from '../client/enrollment-link.ts';
import { isLoopback } from '../client/http.ts';
import { installDesktopEntry } from '../pages/desktop-entry.ts';
import type { EnrollmentState } from '../state/state.ts';
import type { Agent } from './agent.ts';
import { askToSignIn } from './ask-to-sign-in.ts';
import { connect, networkOf } from './connection.ts';
import { reasonLines } from './terminal.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values, positionals } = parsed('enroll', args);
  const link = enrollmentLinkFrom(positionals[0] ?? '');
  const enrolled = await agent.state.exclusively(async () => {
    await refuseSecond(agent);
    const token = link.token ?? (await textOf(agent, values['token-file']));
    const ca = await authorityOf(agent, link, values.ca);
    const made = await enroll(agent, { link, token: token?.trim(), ca });
    await makeFindable(agent);
    return made;
  });
  say(agent, enrolled, values.json ?? false);
}

interface Wanted {
  readonly link: EnrollmentLink;
  readonly token: string | undefined;
  readonly ca: string | undefined;
}

async function enroll(agent: Agent, { link, token, ca }: Wanted): Promise<EnrollmentState> {
  const { state } = agent;
  const service = { serviceUrl: link.serviceUrl, issuer: link.issuer, ...(ca === undefined ? {} : { ca }) };
  const key = newDeviceKey();
  const network = await networkOf(agent, service);
  const proofs = proofsOf(key, network.clock);
  try {
    await state.write('device-key', key);
    const asked = { resources: ['enrollment', 'backup'], proofs, ...network } as const;
    const { granted, tokenEndpoint } = await askToSignIn(agent, service, asked);
    await state.write('tokens', granted);
    const client = await connect(agent, { ...service, tokenEndpoint }, { key, maySignIn: false, network });
    const request = { device: await agent.device(), ...(token === undefined ? {} : { enrollmentToken: token }) };
    const enrollment = await client.enroll(request);
    const kept = stateFrom(enrollment, { ...service, tokenEndpoint }, link);
    await state.write('enrollment', kept);
    // What an earlier enrollment was told is about another device.
    await Promise.all([state.remove('acknowledged'), state.remove('attempts')]);
    return kept;
  } catch (error) {
    await Promise.all([state.remove('device-key'), state.remove('tokens'), state.remove('service')]);
    throw error;
  }
}

/** The settings page among the person's applications. Where that cannot be, the PC is connected all the same. */
async function makeFindable({ system, config, out }: Agent): Promise<void> {
  try {
    await installDesktopEntry(system, config.launcher);
  } catch (error) {
    out.note(`${out.signs.warning} ${error instanceof Error ? error.message : String(error)}`);
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
async function textOf({ system }: Agent, path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const bytes = await system.readFile(path.startsWith('/') ? path : `${system.env['PWD'] ?? '.'}/${path}`);
  if (bytes === undefined) throw new KnownError('invalidRequest', `There is no file ${path}.`);
  return new TextDecoder().decode(bytes);
}

function say({ out }: Agent, enrolled: EnrollmentState, json: boolean): void {
  const { organization, userPrincipalName, joinType, deviceId, profileId, tenantId, userId } = enrolled;
  if (json) {
    out.json({ organization, tenantId, deviceId, profileId, joinType, userId, userPrincipalName });
    return;
  }
  const { connected, next, both } = TEXTS[out.language];
  out.line(`${out.signs.done} ${connected.replace('{org}', organization).replace('{person}', userPrincipalName)}`);
  // A registered PC is connected, and what to do about it is said before anything is tried in vain.
  const notJoined = { code: 'notJoined', facts: { org: organization } } as const;
  for (const line of joinType === 'registered' ? reasonLines(out, notJoined, { label: both }) : [`  ${next}`])
    out.line(line);
}

const TEXTS = {
  en: {
    connected: 'This PC is connected to {org} for {person}',
    both: 'Backup and restore',
    next: 'Back up now: carryover backup    By itself from now on: carryover schedule install',
  },
  de: {
    connected: 'Dieser PC ist mit {org} verbunden, für {person}',
    both: 'Sicherung, Wiederherstellung',
    next: 'Jetzt sichern: carryover backup    Ab jetzt von selbst: carryover schedule install',
  },
} as const;
