/**
 * A device of the upload benchmarks: its key, its chain of backups, and its requests as bytes, as its agent makes them.
 *
 * Every backup holds one unit that changed: 20 kB of zstd that nobody saw before.
 */

import { createHmac, hash, type KeyObject, randomBytes, randomUUID } from 'node:crypto';
import type { DeviceFacts } from '../../model/src/device.ts';
import { encodeParts, PARTS_MEDIA_TYPE, type Parts } from '../../model/src/parts.ts';
import {
  AGENT_VERSION_HEADER,
  CLIENTS,
  IDEMPOTENCY_HEADER,
  RESOURCES,
  SCOPES,
  type SessionGrant,
  type SnapshotHead,
} from '../../model/src/wire.ts';
import type { Owner } from '../../server/src/db/schema.ts';
import { type ProofKey, proofOf, signedJws } from '../../server/testing/proofs.ts';
import { anUpload, aRequestId, aUnit } from '../../server/testing/uploads.ts';

/** So many random letters are 20 kB of zstd. */
const LETTERS = 26_500;
const TOKEN_SECONDS = 3600;

export interface Device {
  readonly owner: Owner;
  readonly deviceId: string;
  readonly profileId: string;
  readonly key: ProofKey;
  /** Of its person; content ids and MACs are made with it. */
  readonly digestKey: Uint8Array;
  readonly facts: DeviceFacts;
  /** Its newest backup. */
  head: { readonly seq: number; readonly mac: string } | null;
}

/** What a tenant signs access tokens with. */
export interface TokenSigner {
  readonly kid: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** Text that does not compress to less than 20 kB. */
export function freshContent(): string {
  return randomBytes(LETTERS).toString('base64').slice(0, LETTERS);
}

/** The next backup of its chain; the device counts it as done. */
export function nextBackup(device: Device, content = freshContent()): Parts<SnapshotHead> {
  const unit = aUnit(device.digestKey, { values: { random: content } });
  const backup = anUpload(device.digestKey, { units: [unit], previous: device.head });
  device.head = { seq: (device.head?.seq ?? 0) + 1, mac: backup.head.mac };
  return backup;
}

export function bodyOf(backup: Parts<SnapshotHead>): Uint8Array {
  return encodeParts(backup.head, backup.contents);
}

/** An access token of the backup resource, bound to the device's key, as the tenant's sign-in issues them. */
export function accessToken({ owner, key }: Device, serviceUrl: string, { kid, privateKey }: TokenSigner): string {
  const issuedAt = Math.floor(Date.now() / 1000);
  return signedJws(
    { alg: 'ES256', typ: 'at+jwt', kid },
    {
      iss: `${serviceUrl}/${owner.tenantId}/v2.0`,
      aud: RESOURCES.backup,
      sub: owner.userId,
      oid: owner.userId,
      tid: owner.tenantId,
      client_id: CLIENTS.agent,
      scope: SCOPES.backup,
      scp: SCOPES.backup,
      ver: '2.0',
      jti: randomUUID(),
      iat: issuedAt,
      exp: issuedAt + TOKEN_SECONDS,
      cnf: { jkt: key.jkt },
    },
    privateKey,
  );
}

/** A check-in with a token and a proof of its own; must be sent within the minutes that a proof is good for. */
export function checkInRequest(device: Device, serviceUrl: string, token: string): Uint8Array {
  const path = `/device/v1/devices/${device.deviceId}/check-ins`;
  const proof = proofOf(device.key, { method: 'POST', url: serviceUrl + path, accessToken: token });
  const body = JSON.stringify({ device: device.facts, manifestFormat: 1 });
  const head = headOf('POST', path, serviceUrl, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    [AGENT_VERSION_HEADER]: device.facts.agentVersion,
    authorization: `DPoP ${token}`,
    dpop: proof,
  });
  return Buffer.from(head + body);
}

/** An upload that lacks only the proof of its session. */
export interface PreparedUpload {
  readonly target: string;
  readonly head: string;
  readonly body: Uint8Array;
  /** SHA-256 of the body, hex. */
  readonly digest: string;
}

export function preparedUpload(device: Device, serviceUrl: string, backup: Parts<SnapshotHead>): PreparedUpload {
  const target = `/device/v1/devices/${device.deviceId}/snapshots`;
  const body = bodyOf(backup);
  const head = headOf('POST', target, serviceUrl, {
    'content-type': PARTS_MEDIA_TYPE,
    'content-length': body.length,
    [AGENT_VERSION_HEADER]: device.facts.agentVersion,
    [IDEMPOTENCY_HEADER]: aRequestId(),
  });
  return { target, head: head.slice(0, -END.length), body, digest: hash('sha256', body, 'hex') };
}

/** `count` must grow with every request of the session. */
export function uploadInSession(upload: PreparedUpload, { id, key }: SessionGrant, count: number): Uint8Array[] {
  const { target, head, body, digest } = upload;
  const mac = createHmac('sha256', Buffer.from(key, 'hex'))
    .update(`${count}\nPOST\n${target}\n${digest}`)
    .digest('hex');
  return [Buffer.from(`${head}\r\nauthorization: CarryoverSession id=${id}, n=${count}, mac=${mac}${END}`), body];
}

/** The same body as a file to nginx. */
export function putRequest(path: string, serverUrl: string, body: Uint8Array): Uint8Array[] {
  return [Buffer.from(headOf('PUT', path, serverUrl, { 'content-length': body.length })), body];
}

const END = '\r\n\r\n';

function headOf(method: string, path: string, url: string, headers: Readonly<Record<string, string | number>>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return [`${method} ${path} HTTP/1.1`, `host: ${new URL(url).host}`, ...lines].join('\r\n') + END;
}
