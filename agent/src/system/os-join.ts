/**
 * Which directory this system is in, as it says itself, and what its maker called it. Claims: the service decides what
 * they mean.
 *
 * A Linux system in an Active Directory domain has a machine key in /etc/krb5.keytab. realmd knows the domain where it
 * made the join; else the default realm of Kerberos is it. Without the key nothing is asked, so that a system in no
 * domain starts no program.
 *
 * Windows notes each join to Entra ID under CloudDomainJoin, and the domain as the DNS suffix that comes with the
 * membership. A PC whose administrator gave it such a suffix without joining it claims the domain too; the service takes
 * only an organization's own domains for one.
 *
 * Source: realm(8), krb5.conf(5), keytab; Linux ABI, sysfs class/dmi/id (product_serial is for root only);
 * windows-devices.md, section 4.
 */

import type { OsJoin } from '@carryover/model/device';
import { normalDomain } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import type { Registry } from './registry.ts';
import { findValue, textOf } from './registry-words.ts';
import type { System } from './system.ts';

const DOMAIN = /^[a-z0-9][a-z0-9_-]*(\.[a-z0-9][a-z0-9_-]*)+$/;

/** Undefined for a system that is in no directory. */
export async function osJoin(system: System): Promise<OsJoin | undefined> {
  if (system.registry !== undefined) return windowsJoin(system.registry);
  if ((await system.facts('/etc/krb5.keytab')) === undefined) return undefined;
  const found = (await joinedRealm(system)) ?? defaultRealm(await text(system, '/etc/krb5.conf'));
  const domain = normalDomain(found ?? '');
  return DOMAIN.test(domain) ? { domain } : undefined;
}

const ENTRA_JOINS = 'SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo';
const TCPIP = 'SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';

async function windowsJoin(registry: Registry): Promise<OsJoin | undefined> {
  // One key for each join, named after the thumbprint of the device's certificate.
  const entra = ((await registry.keys('HKLM', ENTRA_JOINS)) ?? []).length > 0;
  const domain = normalDomain(textOf(await findValue(registry, 'HKLM', TCPIP, 'Domain')) ?? '');
  const isDomain = DOMAIN.test(domain);
  if (!entra && !isDomain) return undefined;
  return { ...(isDomain ? { domain } : {}), ...(entra ? { entra } : {}) };
}

/** Undefined where the system does not tell it to this person, or its maker left the field as it came. */
export async function serialNumber(system: System): Promise<string | undefined> {
  const told = (await text(system, '/sys/class/dmi/id/product_serial'))?.trim() ?? '';
  return /^(|none|default string|to be filled.*|not specified|system serial number|0+)$/i.test(told) ? undefined : told;
}

async function joinedRealm(system: System): Promise<string | undefined> {
  try {
    const { exit, stdout } = await system.run('realm', ['list', '--name-only'], { readOnly: true });
    return exit === 0 ? stdout.split('\n').find((line) => line.trim() !== '') : undefined;
  } catch (error) {
    if (error instanceof KnownError && error.code === 'missingPart') return undefined;
    throw error;
  }
}

/** `default_realm` of the section [libdefaults]. */
function defaultRealm(configuration: string | undefined): string | undefined {
  let section = '';
  for (const line of (configuration ?? '').split('\n')) {
    section = /^\s*\[(\w+)\]/.exec(line)?.[1] ?? section;
    const [, realm] = /^\s*default_realm\s*=\s*(\S+)/.exec(line) ?? [];
    if (section === 'libdefaults' && realm !== undefined) return realm;
  }
  return undefined;
}

async function text(system: System, path: string): Promise<string | undefined> {
  const content = await system.readFile(path).catch(() => undefined);
  return content === undefined ? undefined : new TextDecoder().decode(content);
}
