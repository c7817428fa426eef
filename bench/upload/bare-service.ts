/**
 * The floor of a cold upload: a program that takes its two requests by no more steps than any design needs.
 *
 * Node's own HTTP; the signatures of token and proof in Node's threads, with a key that is taken from the proof; one
 * look-up of whose key it is; a session; its MAC over the body; the body's head read; manifest and contents sealed; the
 * rows on disk before the answer, committed in groups by a thread of their own. No policy, eligibility, preferences,
 * schema, limit, log, metric or check of the content, and only the fields that these steps need are looked at.
 *
 * Usage: node bare-service.ts DATABASE PORT TENANT-KEY; the database is one of the service's, closed; the key in PEM.
 */

import { createPublicKey, hash, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { Worker } from 'node:worker_threads';
import { decodeParts } from '../../model/src/parts.ts';
import type { SnapshotHead } from '../../model/src/wire.ts';
import { openSqlite } from '../../server/src/db/sqlite.ts';
import { decodeJws, isSignedBy, proofKeyFrom } from '../../server/src/http/jws.ts';
import { createSessions } from '../../server/src/http/session.ts';
import { seal } from '../../server/src/keys/sealing.ts';
import type { BareAnswer, BareCommand, BareWork } from './bare-writer.ts';

const [, , file = '', port = '', pem = ''] = process.argv;
const tenantKey = createPublicKey(pem);
const sessions = createSessions(() => Temporal.Now.instant());
const dataKey = { keyId: 'bare', key: randomBytes(32) };
const findKey = openSqlite(file, { readOnly: true }).prepare(
  'select device_id, profile_id from device_keys where user_id = ? and jkt = ?',
);

const writer = new Worker(new URL('./bare-writer.ts', import.meta.url), { workerData: file });
const waiting = new Map<number, () => void>();
let lastId = 0;
let outgoing: BareCommand[] = [];
writer.on('message', (ids: BareAnswer) => {
  for (const id of ids) {
    waiting.get(id)?.();
    waiting.delete(id);
  }
});

/** Resolves when it is on disk. Commands of one turn of the event loop travel together. */
function written(work: BareWork): Promise<void> {
  const id = ++lastId;
  if (outgoing.length === 0)
    setImmediate(() => {
      writer.postMessage(outgoing);
      outgoing = [];
    });
  outgoing.push({ id, work });
  return new Promise((resolve) => waiting.set(id, resolve));
}

async function checkIn({ headers }: IncomingMessage): Promise<object> {
  const token = headers.authorization?.slice('DPoP '.length) ?? '';
  const jws = decodeJws(token, 'at+jwt');
  const proof = decodeJws(String(headers['dpop']), 'dpop+jwt');
  const key = proofKeyFrom(proof?.header['jwk']);
  if (jws === undefined || proof === undefined || key === undefined) throw new Error('no token or proof');
  const [tokenIsGood, proofIsGood] = await Promise.all([isSignedBy(jws, tenantKey), isSignedBy(proof, key.key)]);
  if (!tokenIsGood || !proofIsGood || proof.claims['ath'] !== hash('sha256', token, 'base64url'))
    throw new Error('not signed');
  const [tenantId, userId] = [String(jws.claims['tid']), String(jws.claims['oid'])];
  const registered = findKey.get(userId, key.jkt);
  if (registered === undefined) throw new Error('nobody has this key');
  const [deviceId, profileId] = [String(registered['device_id']), String(registered['profile_id'])];
  await written({ kind: 'checkIn', tenantId, deviceId, jkt: key.jkt, jti: String(proof.claims['jti']) });
  const caller = { tenantId, userId, clientId: '', resource: 'backup', scopes: [], roles: [] } as const;
  return { session: sessions.grant({ ...caller, deviceId, profileId }) };
}

async function upload({ headers, method = '', url = '' }: IncomingMessage, body: Buffer): Promise<object> {
  const claim = sessions.find(headers.authorization?.replace('CarryoverSession ', '') ?? '');
  sessions.check(claim, { method, target: url, body });
  const { tenantId, userId, deviceId = '', profileId = '' } = claim.found.caller;
  const { head, contents } = decodeParts<SnapshotHead>(body);
  const seq = (head.manifest.previous?.seq ?? 0) + 1;
  const place = { tenantId, userId, profileId, payloadType: 'carryover.colors' };
  const sealed = contents.map((content, at) =>
    seal(dataKey, { ...place, kind: 'unit', contentId: head.parts[at]?.id ?? '' }, content),
  );
  const manifest = seal(
    dataKey,
    { ...place, kind: 'manifest', contentId: `${seq}/${head.mac}` },
    Buffer.from(JSON.stringify(head.manifest)),
  );
  await written({ kind: 'upload', tenantId, userId, deviceId, profileId, seq, mac: head.mac, manifest, sealed });
  return { seq };
}

createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const body = Buffer.concat(chunks);
    const answer = request.headers['dpop'] === undefined ? upload(request, body) : checkIn(request);
    answer.then(
      (value) => response.setHeader('content-type', 'application/json').end(JSON.stringify(value)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
}).listen(Number(port), '127.0.0.1');
