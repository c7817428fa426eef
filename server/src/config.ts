/**
 * What the environment decides for the service, read once at start.
 *
 * No default where a wrong guess loses data or opens a door: plain HTTP is for loopback only, and the deployment key may
 * not lie beside the data it opens. All faults are reported at once.
 *
 * Source: architecture.md "The wire", "What is kept, and how it is sealed".
 */

import { homedir } from 'node:os';
import { isAbsolute, join, relative, resolve } from 'node:path';
import { KnownError } from '@carryover/model/errors';

export interface Config {
  /** HOST: address to listen on. Default 127.0.0.1. */
  readonly host: string;
  /** PORT: TCP port, 0 for any free one. Default 8080. */
  readonly port: number;
  /** PUBLIC_URL: origin under which clients reach the service; issuers and links are made from it. Default: where it listens. */
  readonly publicUrl: string | undefined;
  /** DATABASE_URL: "sqlite:FILE" or "postgres://…". Default sqlite in DATA_FOLDER. */
  readonly databaseUrl: string;
  /** KEYS_DATABASE_URL: the key store, never the same database. Default sqlite in DATA_FOLDER. */
  readonly keysDatabaseUrl: string;
  /** DATA_FOLDER: where databases that are files lie. Default ./data. */
  readonly dataFolder: string;
  /** DEPLOYMENT_KEY_FILE: opens the key store; outside DATA_FOLDER. Default ~/.config/carryover/deployment.key. */
  readonly deploymentKeyFile: string;
  /** TLS_CERT_FILE and TLS_KEY_FILE, both or neither: PEM files. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** TRUSTED_PROXY: addresses or networks, by comma, whose X-Forwarded-For is believed and that speak TLS for the service. */
  readonly trustedProxies: readonly string[];
  /** CLOUD: the name of the cloud this deployment is. Organizations of another one are refused. Default "private". */
  readonly cloud: string;
  /** REGION: the regions it serves, by comma; a new organization belongs to the first. Others are refused. Default "local". */
  readonly regions: readonly string[];
  /** LOG_LEVEL: fatal, error, warn, info, debug, trace or silent. Default info. */
  readonly logLevel: LogLevel;
  /** SIGN_IN_LIMIT: attempts a minute from one address at sign-in and set-up. Default 60. */
  readonly signInLimit: number;
  /** METRICS_TOKEN: bearer token for /metrics; without it only loopback may read them. */
  readonly metricsToken: string | undefined;
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

type Environment = Readonly<Record<string, string | undefined>>;

/** Errors: one invalidRequest that names every variable at fault, so that one restart fixes them all. */
export function configFrom(env: Environment): Config {
  const faults: string[] = [];
  const text = (name: string): string | undefined => (env[name] === '' ? undefined : env[name]);

  const host = text('HOST') ?? '127.0.0.1';
  const dataFolder = resolve(text('DATA_FOLDER') ?? './data');
  const tls = tlsFrom(text('TLS_CERT_FILE'), text('TLS_KEY_FILE'), faults);
  const trustedProxies = (text('TRUSTED_PROXY') ?? '').split(',').flatMap((entry) => entry.trim() || []);
  const config: Config = {
    host,
    port: numberFrom('PORT', text('PORT') ?? '8080', { min: 0, max: 65535 }, faults),
    publicUrl: originFrom(text('PUBLIC_URL'), faults),
    databaseUrl: databaseFrom(
      'DATABASE_URL',
      text('DATABASE_URL') ?? `sqlite:${join(dataFolder, 'carryover.db')}`,
      faults,
    ),
    keysDatabaseUrl: databaseFrom(
      'KEYS_DATABASE_URL',
      text('KEYS_DATABASE_URL') ?? `sqlite:${join(dataFolder, 'keys.db')}`,
      faults,
    ),
    dataFolder,
    deploymentKeyFile: resolve(
      text('DEPLOYMENT_KEY_FILE') ??
        join(text('XDG_CONFIG_HOME') ?? join(homedir(), '.config'), 'carryover', 'deployment.key'),
    ),
    tls,
    trustedProxies,
    cloud: text('CLOUD') ?? 'private',
    regions: regionsFrom(text('REGION') ?? 'local', faults),
    logLevel: levelFrom(text('LOG_LEVEL') ?? 'info', faults),
    signInLimit: numberFrom('SIGN_IN_LIMIT', text('SIGN_IN_LIMIT') ?? '60', { min: 1, max: 1_000_000 }, faults),
    metricsToken: text('METRICS_TOKEN'),
  };

  if (config.databaseUrl === config.keysDatabaseUrl)
    faults.push('KEYS_DATABASE_URL must name another database than DATABASE_URL: its backups live for a shorter time.');
  if (isInside(dataFolder, config.deploymentKeyFile))
    faults.push(
      `DEPLOYMENT_KEY_FILE must lie outside DATA_FOLDER (${dataFolder}): whoever gets the data must not get the key.`,
    );
  faults.push(...transportFaults(config));
  if (faults.length > 0) throw new KnownError('invalidRequest', faults.join('\n'));
  return Object.freeze(config);
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}

/** TLS here, or loopback, or a proxy that speaks TLS: nothing else leaves this machine in clear text. */
function transportFaults({ host, tls, trustedProxies, publicUrl }: Config): string[] {
  const faults: string[] = [];
  if (tls === undefined && trustedProxies.length === 0 && !isLoopback(host))
    faults.push(
      `HOST ${host} is not loopback: set TLS_CERT_FILE and TLS_KEY_FILE, or TRUSTED_PROXY when a proxy speaks TLS. Plain HTTP is refused.`,
    );
  if (publicUrl === undefined) {
    if (trustedProxies.length > 0) faults.push('PUBLIC_URL must be set when TRUSTED_PROXY is: it is what clients see.');
    if (host === '0.0.0.0' || host === '::') faults.push('PUBLIC_URL must be set when HOST stands for all addresses.');
    return faults;
  }
  const { protocol, hostname } = new URL(publicUrl);
  if (protocol === 'http:' && !isLoopback(hostname))
    faults.push(`PUBLIC_URL ${publicUrl} must start with https:// unless it is loopback.`);
  if (protocol === 'http:' && tls !== undefined)
    faults.push(`PUBLIC_URL ${publicUrl} must start with https://: TLS_CERT_FILE is set.`);
  return faults;
}

function tlsFrom(certFile: string | undefined, keyFile: string | undefined, faults: string[]): Config['tls'] {
  if (certFile === undefined && keyFile === undefined) return undefined;
  if (certFile !== undefined && keyFile !== undefined)
    return { certFile: resolve(certFile), keyFile: resolve(keyFile) };
  faults.push('TLS_CERT_FILE and TLS_KEY_FILE must be set together.');
  return undefined;
}

function numberFrom(name: string, text: string, range: { min: number; max: number }, faults: string[]): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < range.min || value > range.max)
    faults.push(`${name} must be a whole number from ${range.min} to ${range.max}, not "${text}".`);
  return value;
}

/** An origin and nothing more: paths are ours (architecture.md, "The wire"). */
function originFrom(text: string | undefined, faults: string[]): string | undefined {
  if (text === undefined) return undefined;
  const url = URL.parse(text);
  if (url !== null && ['http:', 'https:'].includes(url.protocol) && `${url.origin}/` === url.href) return url.origin;
  faults.push(`PUBLIC_URL must be an origin like https://backup.example.org, not "${text}".`);
  return undefined;
}

function databaseFrom(name: string, text: string, faults: string[]): string {
  if (!/^(sqlite:.+|postgres(ql)?:\/\/.+)$/.test(text))
    faults.push(`${name} must be "sqlite:FILE" or "postgres://user:password@host/name".`);
  return text;
}

function regionsFrom(text: string, faults: string[]): string[] {
  const regions = text.split(',').flatMap((entry) => entry.trim() || []);
  if (regions.length === 0) faults.push(`REGION must name at least one region, not "${text}".`);
  return regions;
}

function levelFrom(text: string, faults: string[]): LogLevel {
  const level = LOG_LEVELS.find((name) => name === text);
  if (level === undefined) faults.push(`LOG_LEVEL must be one of ${LOG_LEVELS.join(', ')}, not "${text}".`);
  return level ?? 'info';
}

function isInside(folder: string, file: string): boolean {
  const path = relative(folder, file);
  return path !== '' && !path.startsWith('..') && !isAbsolute(path);
}
