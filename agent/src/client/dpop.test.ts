import assert from 'node:assert/strict';
import { createPublicKey, verify } from 'node:crypto';
import { test } from 'node:test';
import { refusedWith } from '../../testing/refused-with.ts';
import { serviceClock } from './clock.ts';
import { newDeviceKey, proofsOf, thumbprintOf } from './dpop.ts';
import { enrollmentLinkFrom } from './enrollment-link.ts';
import { sessionFrom } from './session.ts';

const AT = Temporal.Instant.from('2026-03-01T09:00:00Z');

function partsOf(proof: string) {
  const [header = '', claims = '', signature = ''] = proof.split('.');
  const json = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
  return { header: json(header), claims: json(claims), signed: `${header}.${claims}`, signature };
}

test('a proof names the request without query and is signed by the key in it', () => {
  const proofs = proofsOf(
    newDeviceKey(),
    serviceClock(() => AT),
  );

  const proof = proofs.proof({ method: 'PUT', url: new URL('https://s.example/a/b?c=d#e'), accessToken: 'token' });

  const { header, claims, signed, signature } = partsOf(proof);
  assert.deepEqual(
    [header.typ, header.alg, Object.keys(header.jwk).toSorted()],
    ['dpop+jwt', 'ES256', ['crv', 'kty', 'x', 'y']],
  );
  assert.deepEqual([claims.htm, claims.htu, claims.iat], ['PUT', 'https://s.example/a/b', 1772355600]);
  assert.equal(claims.ath, 'PEaenWxYddN6Q_NT1PiOYfz4EsZu7jRXRlpAsNpBU-A');
  const key = createPublicKey({ key: header.jwk, format: 'jwk' });
  const bytes = Buffer.from(signature, 'base64url');
  assert.ok(verify('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }, bytes));
});

test('no two proofs are the same, and the private key is in none', () => {
  const key = newDeviceKey();
  const proofs = proofsOf(
    key,
    serviceClock(() => AT),
  );
  const request = { method: 'GET', url: new URL('https://s.example/') };

  const made = Array.from({ length: 50 }, () => proofs.proof(request));

  assert.equal(new Set(made.map((proof) => partsOf(proof).claims.jti)).size, 50);
  assert.ok(made.every((proof) => partsOf(proof).header.jwk.d === undefined));
});

test('proofs are made in the time of the service', () => {
  const clock = serviceClock(() => AT);
  clock.learn('Thu, 01 Mar 2036 09:00:00 GMT', AT);

  const { claims } = partsOf(
    proofsOf(newDeviceKey(), clock).proof({ method: 'GET', url: new URL('https://s.example/') }),
  );

  assert.equal(claims.iat, Date.parse('2036-03-01T09:00:00Z') / 1000);
});

test('the thumbprint is the one of RFC 7638, as RFC 9449 shows it for its key', () => {
  const jwk = {
    kty: 'EC',
    x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
    y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
    crv: 'P-256',
  };

  assert.equal(thumbprintOf(jwk), '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I');
});

test('a session counts up and covers method, path, query and body', () => {
  const session = sessionFrom({ id: 'a1', key: '00'.repeat(32), expiresInSeconds: 60 }, () => 0);
  const url = new URL('https://s.example/a?b=c');
  const header = (method: string, body: string) => session.authorization({ method, url, body }) ?? '';

  const [first, second, third] = [header('POST', 'x'), header('POST', 'x'), header('POST', 'y')];

  assert.match(first, /^CarryoverSession id=a1, n=1, mac=[0-9a-f]{64}$/);
  assert.match(second, /, n=2, /);
  assert.equal(new Set([first, second, third].map((one) => one.slice(-64))).size, 3);
});

const TENANT = '7c0d8a5e-4f0e-4a55-9d3b-0f6f2a3b1c9d';

test('a link says service, organization, token and pin', () => {
  const pin = 'AB'.repeat(32);

  assert.deepEqual(
    enrollmentLinkFrom(`https://s.example:8443/base/enroll/${TENANT.toUpperCase()}#token=t%2B1&pin=${pin}`),
    {
      serviceUrl: 'https://s.example:8443/base',
      tenantId: TENANT,
      issuer: `https://s.example:8443/base/${TENANT}/v2.0`,
      token: 't+1',
      pin: pin.toLowerCase(),
    },
  );
  assert.deepEqual(enrollmentLinkFrom(`https://s.example/enroll/${TENANT}/`), {
    serviceUrl: 'https://s.example',
    tenantId: TENANT,
    issuer: `https://s.example/${TENANT}/v2.0`,
  });
});

test('a link that cannot be used says what is wrong with it', () => {
  for (const [link, words] of [
    ['s.example/enroll/x', /not a web address/],
    ['ftp://s.example/enroll/x', /not a web address/],
    ['https://s.example/', /names no organization/],
    ['https://s.example/enroll/', /names no organization/],
    ['https://s.example/enroll/contoso', /"contoso" is not the id/],
    [`https://s.example/enroll/${TENANT}#pin=ab`, /"pin" is cut short/],
  ] as const) {
    assert.throws(() => enrollmentLinkFrom(link), refusedWith('invalidRequest', 'link', words), link);
  }
});
