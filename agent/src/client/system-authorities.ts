/**
 * The certificates this PC trusts, as its administrator keeps them: one file, handed over as it is.
 *
 * One file in one piece is parsed by OpenSSL in a tenth of the time that a list of certificates takes. Windows keeps them in
 * stores of its own, which Node reads.
 */

import type { System } from '../system/system.ts';

/** Debian and Ubuntu; Fedora; SUSE. */
const STORES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  '/etc/ssl/ca-bundle.pem',
];

/** PEM files; undefined where there is no store, and what Node brings along is trusted. */
export async function systemAuthorities(system: System): Promise<readonly Buffer[] | undefined> {
  const { SSL_CERT_FILE: named, NODE_EXTRA_CA_CERTS: extra } = system.env;
  const store =
    system.registry !== undefined
      ? await storesOfWindows()
      : await firstOf(system, [...(named ? [named] : []), ...STORES]);
  if (store === undefined) return undefined;
  const added = extra ? await firstOf(system, [extra]) : undefined;
  return added === undefined ? [store] : [store, added];
}

async function storesOfWindows(): Promise<Buffer | undefined> {
  const { getCACertificates } = await import('node:tls');
  const certificates = getCACertificates('system');
  return certificates.length === 0 ? undefined : Buffer.from(certificates.join('\n'));
}

async function firstOf(system: System, paths: readonly string[]): Promise<Buffer | undefined> {
  for (const path of paths) {
    const bytes = await system.readFile((await system.realPath(path)) ?? path);
    if (bytes !== undefined) return Buffer.from(bytes);
  }
  return undefined;
}
