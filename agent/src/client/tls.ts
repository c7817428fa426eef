/**
 * Encrypted connections to a service that proves to be the one this device enrolled with.
 *
 * Certificates are judged by OpenSSL against the enrollment's authority, or the system's store where there is none. One
 * case is judged here: when the device's clock makes a certificate of the enrollment's own authority look outdated, the
 * chain is checked key by key against that authority and for the service's time. Without such an authority a wrong clock
 * is an error, because then nobody vouches for the time.
 */

import { createHash, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { KnownError } from '@carryover/model/errors';
import type { ServiceClock } from './clock.ts';

// As for node:http (http.ts): a module namespace would ask for everything, the list of Node's own authorities among it.
const { connect } = process.getBuiltinModule('node:tls');

export interface Trust {
  /** PEM of the only authority that may sign the service's certificate. */
  readonly ca: string;
  /** The service's time when it was last heard: its certificates are never judged for a time before that. */
  readonly notBefore?: Temporal.Instant | undefined;
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly timeoutMs: number;
}

const JUDGED_BY_TIME = new Set(['CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID']);

/** Longest chain, in certificates. */
const MAX_CHAIN = 8;

/** How far the service's clock may go back between two contacts, in hours. */
const CLOCK_TOLERANCE_HOURS = 24;

/** Whom to trust: the enrollment's authority, or else the store of this PC, or else what Node brings along. */
export interface Trusted {
  readonly trust: Trust | undefined;
  readonly store: readonly Buffer[] | undefined;
}

/** Errors: those of node:net and node:tls, by code. */
export async function connectTls(target: Target, { trust, store }: Trusted, clock: ServiceClock): Promise<TLSSocket> {
  const ca = trust === undefined ? store : [trust.ca];
  try {
    const whom = ca === undefined ? {} : { ca: [...ca], allowPartialTrustChain: trust !== undefined };
    return await handshake(target, { ...whom, rejectUnauthorized: true });
  } catch (error) {
    if (trust === undefined || !JUDGED_BY_TIME.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    const said = await saidTime(target, trust);
    clock.learn(new Date(said.epochMilliseconds).toUTCString(), deviceTime(clock));
    return connectByKeys(target, trust, said);
  }
}

/**
 * The certificate with the pinned public key among those the service shows, as PEM; nothing is sent to it.
 *
 * Shape: `pin` is the SHA-256 of the public key (DER, SubjectPublicKeyInfo), hex.
 * Errors: serviceUnreachable, inner "pin", when none has it; those of node:net and node:tls.
 */
export async function pinnedAuthority(target: Target, pin: string): Promise<string> {
  const socket = await handshake(target, { rejectUnauthorized: false });
  const found = chainOf(socket).find((certificate) => keyDigest(certificate) === pin.toLowerCase());
  socket.destroy();
  if (found === undefined) {
    throw new KnownError(
      'serviceUnreachable',
      `${target.host} is not the service this link was made for: no certificate it shows has the key the link names. Ask IT for a new link, and tell them.`,
      { inner: 'pin' },
    );
  }
  return found.toString();
}

/** SHA-256 of a certificate's public key, hex: what an enrollment link pins. */
export function keyDigest(certificate: X509Certificate): string {
  return createHash('sha256')
    .update(certificate.publicKey.export({ type: 'spki', format: 'der' }))
    .digest('hex');
}

/** The certificate in a PEM text; undefined when there is none. */
export function certificateFrom(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

function deviceTime(clock: ServiceClock): Temporal.Instant {
  return clock.now().subtract({ milliseconds: clock.offsetMs });
}

function handshake({ host, port, timeoutMs }: Target, options: ConnectionOptions): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const servername = isIP(host) === 0 ? host : '';
    const socket = connect({ host, port, servername, ALPNProtocols: ['http/1.1'], ...options });
    const silent = () => socket.destroy(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' }));
    socket.setTimeout(timeoutMs, silent);
    socket.once('error', reject);
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      socket.off('timeout', silent);
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}

/** A connection whose chain leads to the authority by its keys and is valid at `time`. */
async function connectByKeys(target: Target, trust: Trust, time: Temporal.Instant): Promise<TLSSocket> {
  const socket = await handshake(target, { rejectUnauthorized: false });
  const fault = faultOf(socket, target.host, trust, time);
  if (fault === undefined) return socket;
  socket.destroy();
  throw fault;
}

/** The time the service tells on a connection whose keys are right; nothing but that question is sent. */
async function saidTime(target: Target, trust: Trust): Promise<Temporal.Instant> {
  const socket = await handshake(target, { rejectUnauthorized: false });
  try {
    const fault = faultOf(socket, target.host, trust, undefined);
    if (fault !== undefined) throw fault;
    const date = /^date:\s*(.*?)\s*$/im.exec(await askHead(socket, target))?.[1];
    const said = Date.parse(date ?? '');
    if (Number.isNaN(said)) throw outdated('tells no time');
    const time = Temporal.Instant.fromEpochMilliseconds(said);
    const earliest = trust.notBefore?.subtract({ hours: CLOCK_TOLERANCE_HOURS });
    if (earliest !== undefined && Temporal.Instant.compare(time, earliest) < 0)
      throw outdated('tells a time long past');
    return time;
  } finally {
    socket.destroy();
  }
}

function askHead(socket: TLSSocket, { host, port, timeoutMs }: Target): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    socket.setTimeout(timeoutMs, () => reject(Object.assign(new Error('silent'), { code: 'ETIMEDOUT' })));
    socket.on('error', reject);
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      if (text.includes('\r\n\r\n')) resolve(text);
    });
    socket.on('end', () => resolve(text));
    socket.write(`HEAD /healthz HTTP/1.1\r\nHost: ${host}:${port}\r\nConnection: close\r\n\r\n`);
  });
}

/** What is wrong with the chain, undefined when nothing is. Without `time` validity is not judged. */
function faultOf(
  socket: TLSSocket,
  host: string,
  { ca }: Trust,
  time: Temporal.Instant | undefined,
): Error | undefined {
  const authority = new X509Certificate(ca);
  const chain = chainOf(socket);
  const [leaf] = chain;
  const name = isIP(host) === 0 ? leaf?.checkHost(host) : leaf?.checkIP(host);
  if (leaf === undefined || name === undefined) return failure('ERR_TLS_CERT_ALTNAME_INVALID');
  for (const [index, certificate] of chain.entries()) {
    if (time !== undefined && !validAt(certificate, time)) return failure('CERT_HAS_EXPIRED');
    if (certificate.raw.equals(authority.raw)) return undefined;
    if (issued(authority, certificate)) {
      return time === undefined || validAt(authority, time) ? undefined : failure('CERT_HAS_EXPIRED');
    }
    const next = chain[index + 1];
    if (next === undefined || !issued(next, certificate)) break;
  }
  return failure('UNABLE_TO_GET_ISSUER_CERT_LOCALLY');
}

function issued(issuer: X509Certificate, certificate: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function validAt(certificate: X509Certificate, time: Temporal.Instant): boolean {
  const milliseconds = time.epochMilliseconds;
  return certificate.validFromDate.getTime() <= milliseconds && milliseconds <= certificate.validToDate.getTime();
}

/** The certificates as shown, the service's own first. */
function chainOf(socket: TLSSocket): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let next = socket.getPeerX509Certificate();
  while (next !== undefined && chain.length < MAX_CHAIN) {
    chain.push(next);
    const issuer = next.issuerCertificate;
    next = issuer === undefined || issuer.raw.equals(next.raw) ? undefined : issuer;
  }
  return chain;
}

function failure(code: string): Error {
  return Object.assign(new Error(code), { code });
}

function outdated(what: string): KnownError {
  return new KnownError(
    'serviceUnreachable',
    `The service ${what}, so its certificate cannot be judged. Set date and time of this PC.`,
    { inner: 'certificate' },
  );
}
