/**
 * Somebody who has copied a device's state folder: speaks to the service with its real key and tokens, and sends what the
 * agent never would.
 */

import { createPrivateKey, hash, randomUUID } from 'node:crypto';
import { PARTS_MEDIA_TYPE } from '../../model/src/parts.ts';
import { AGENT_VERSION_HEADER, IDEMPOTENCY_HEADER } from '../../model/src/wire.ts';
import { type ProofKey, proofOf } from '../../server/testing/proofs.ts';
import { SAMPLE_DEVICE } from '../../server/testing/service.ts';
import type { Device } from './device.ts';
import { readState } from './state-files.ts';

/** What is sent in place of the device's own. */
interface Disguise {
  readonly deviceId?: string;
  readonly token?: string;
  readonly requestId?: string;
}

export interface Impostor {
  readonly device: Device;
  readonly deviceId: string;
  readonly profileId: string;
  readonly token: string;
  readonly digestKey: Buffer;
  /** Uploads a body. */
  post(body: Uint8Array, disguise?: Disguise): Promise<Response>;
  /** Address and headers of an upload, with a proof that is good once. */
  prepared(disguise?: Disguise): { readonly url: string; readonly headers: Record<string, string> };
}

/** Of a device that has backed up. */
export async function impostorOf(device: Device): Promise<Impostor> {
  const { serviceUrl, deviceId, profileId } = await readState(device, 'enrollment');
  const { privateJwk } = await readState(device, 'device-key');
  const { backup } = await readState(device, 'tokens');
  const token = backup?.accessToken ?? '';
  const key = proofKeyFrom(privateJwk);

  const headersFor = (url: string, as: string): Record<string, string> => ({
    authorization: `DPoP ${as}`,
    dpop: proofOf(key, { method: 'POST', url, accessToken: as }),
    [AGENT_VERSION_HEADER]: SAMPLE_DEVICE.agentVersion,
  });

  const impostor: Impostor = {
    device,
    deviceId,
    profileId,
    token,
    digestKey: Buffer.from((await readState(device, 'service')).checkIn.digestKey, 'hex'),
    prepared({ deviceId: asDevice = deviceId, token: asToken = token, requestId = randomUUID() } = {}) {
      const url = `${serviceUrl}/device/v1/devices/${asDevice}/snapshots`;
      const headers = {
        ...headersFor(url, asToken),
        'content-type': PARTS_MEDIA_TYPE,
        [IDEMPOTENCY_HEADER]: requestId,
      };
      return { url, headers };
    },
    post(body, disguise) {
      const { url, headers } = impostor.prepared(disguise);
      return fetch(url, { method: 'POST', headers, body: new Uint8Array(body) });
    },
  };
  return impostor;
}

function proofKeyFrom(jwk: Readonly<Record<string, string>>): ProofKey {
  const { crv = '', kty = '', x = '', y = '' } = jwk;
  const publicJwk = { crv, kty, x, y };
  return {
    privateKey: createPrivateKey({ key: { ...jwk }, format: 'jwk' }),
    publicJwk,
    jkt: hash('sha256', JSON.stringify(publicJwk), 'base64url'),
  };
}
