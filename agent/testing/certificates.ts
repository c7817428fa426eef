/** Throw-away certificates for tests, made with openssl in a folder that is removed again. */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Authority {
  readonly pem: string;
  /** A key and the chain (own certificate, then the authority's) for a server on 127.0.0.1. */
  issue(options?: IssueOptions): ServerCertificate;
}

interface IssueOptions {
  readonly from?: Temporal.Instant;
  readonly until?: Temporal.Instant;
  /** Subject alternative name. */
  readonly name?: string;
}

export interface ServerCertificate {
  readonly key: string;
  readonly cert: string;
}

/** `validity` in which the authority's own certificate is good; default twenty years around now. */
export function throwAwayAuthority(name = 'Throw-away Root'): Authority {
  const now = Temporal.Now.instant();
  const pem = inFolder((folder) => {
    const key = generate(folder, 'ca.key');
    selfSign(folder, name, { from: now.subtract({ hours: 24 * 7300 }), until: now.add({ hours: 24 * 7300 }) });
    return { key, cert: readFileSync(join(folder, 'ca.pem'), 'utf8') };
  });
  return {
    pem: pem.cert,
    issue: ({ from = now.subtract({ hours: 24 }), until = now.add({ hours: 24 }), name = 'IP:127.0.0.1' } = {}) =>
      inFolder((folder) => {
        writeFileSync(join(folder, 'ca.key'), pem.key);
        writeFileSync(join(folder, 'ca.pem'), pem.cert);
        const key = generate(folder, 'server.key');
        const request = ['req', '-new', '-key', 'server.key', '-subj', '/CN=service', '-out', 'server.csr'];
        openssl(folder, [...request, '-config', 'openssl.cnf']);
        sign(folder, ['-in', 'server.csr', '-out', 'server.pem'], {
          from,
          until,
          extensions: `subjectAltName=${name}`,
        });
        return { key, cert: readFileSync(join(folder, 'server.pem'), 'utf8') + pem.cert };
      }),
  };
}

interface Validity {
  readonly from: Temporal.Instant;
  readonly until: Temporal.Instant;
}

function selfSign(folder: string, name: string, validity: Validity): void {
  openssl(folder, [
    'req',
    '-new',
    '-key',
    'ca.key',
    '-subj',
    `/CN=${name}`,
    '-out',
    'ca.csr',
    '-config',
    'openssl.cnf',
  ]);
  const extensions =
    'basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash';
  sign(folder, ['-selfsign', '-in', 'ca.csr', '-out', 'ca.pem'], { ...validity, extensions });
}

function sign(folder: string, args: readonly string[], options: Validity & { readonly extensions: string }): void {
  writeFileSync(join(folder, 'extensions.cnf'), options.extensions);
  writeFileSync(join(folder, 'index.txt'), '');
  writeFileSync(join(folder, 'serial'), `${Math.floor(Math.random() * 1e9) + 0x10}`.padStart(10, '0'));
  const stamp = (instant: Temporal.Instant) =>
    `${instant.toString({ smallestUnit: 'second' }).replace(/[-:TZ]/g, '')}Z`;
  const times = ['-startdate', stamp(options.from), '-enddate', stamp(options.until)];
  openssl(folder, [
    'ca',
    '-batch',
    '-notext',
    '-config',
    'openssl.cnf',
    '-extfile',
    'extensions.cnf',
    ...times,
    ...args,
  ]);
}

function generate(folder: string, file: string): string {
  openssl(folder, ['ecparam', '-name', 'prime256v1', '-genkey', '-noout', '-out', file]);
  return readFileSync(join(folder, file), 'utf8');
}

const CONFIG = `
[ca]
default_ca = own
[own]
database = index.txt
new_certs_dir = .
serial = serial
private_key = ca.key
certificate = ca.pem
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
prompt = no
[name]
commonName = unused
`;

function inFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), 'carryover-certificates-'));
  try {
    writeFileSync(join(folder, 'openssl.cnf'), CONFIG);
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function openssl(folder: string, args: readonly string[]): void {
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}
