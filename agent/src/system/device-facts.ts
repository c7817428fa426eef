/**
 * What a device says of itself: its name, its system and desktop with their versions, and a digest of its machine id.
 *
 * Two variables stand in for the machine's own word where several devices share one machine (containers, tests):
 * CARRYOVER_DEVICE_NAME for the name and CARRYOVER_MACHINE_ID for the id.
 *
 * Source: os-release(5), machine-id(5), hostname(5); docs/decisions/2026-11-25-gnome-version-from-the-package.md.
 */

import { createHmac } from 'node:crypto';
import type { DeviceFacts } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import { packageVersion } from './debian-packages.ts';
import { osJoin } from './os-join.ts';
import type { System } from './system.ts';
import { type SystemFacts, windowsFacts } from './windows-facts.ts';

/** Packages that carry the version of GNOME, best first: a test machine may have the shell's data without the shell. */
const SHELL_PACKAGES = ['gnome-shell', 'gnome-shell-common'];

const MACHINE_LABEL = 'carryover machine 1';

/** Errors: missingPart when the system has no machine id. */
export async function deviceFacts(system: System, agentVersion: string): Promise<DeviceFacts> {
  const facts = system.registry === undefined ? await linuxFacts(system) : await windowsFacts(system, system.registry);
  const { machineId, ...told } = facts;
  const join = await osJoin(system);
  return {
    ...told,
    machineHash: createHmac('sha256', MACHINE_LABEL).update(machineId).digest('hex'),
    agentVersion,
    ...(join === undefined ? {} : { osJoin: join }),
  };
}

async function linuxFacts(system: System): Promise<SystemFacts> {
  const os = osRelease(await osReleaseText(system));
  const gnome = await gnomeVersion(system);
  return {
    name: await deviceName(system),
    platform: 'linux',
    build: `${os.id} ${os.version}${gnome === undefined ? '' : ` gnome ${gnome}`}`,
    osName: gnome === undefined ? os.name : `${os.name}, GNOME ${gnome}`,
    machineId: await machineId(system),
  };
}

/** Shape: `id` in lower case, `version` "unknown" where the system is never finished (Debian sid, Arch). */
export function osRelease(text: string): { readonly id: string; readonly version: string; readonly name: string } {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s*([A-Z][A-Z0-9_]*)=(.*?)\s*$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) fields.set(name, unquoted(value));
  }
  const word = (name: string) => fields.get(name)?.replace(/\s+/g, '-');
  const id = word('ID') || 'linux';
  return {
    id: id.toLowerCase(),
    version: word('VERSION_ID') || 'unknown',
    name: fields.get('PRETTY_NAME') || fields.get('NAME') || 'Linux',
  };
}

/** "43.9" of the installed GNOME Shell, without starting it; undefined where there is none. */
export async function gnomeVersion(system: System): Promise<string | undefined> {
  for (const name of SHELL_PACKAGES) {
    const version = upstreamVersion(await packageVersion(system, name));
    if (version !== undefined) return version;
  }
  return gnomeVersionByRpm(system);
}

async function gnomeVersionByRpm(system: System): Promise<string | undefined> {
  try {
    const query = ['--query', '--queryformat', '%{VERSION}\n', 'gnome-shell'];
    const { exit, stdout } = await system.run('rpm', query, { readOnly: true });
    return exit === 0 ? upstreamVersion(stdout.trim()) : undefined;
  } catch (error) {
    if (error instanceof KnownError && error.code === 'missingPart') return undefined;
    throw error;
  }
}

/** "1:43.9-0+deb12u2" is 43.9; "47~beta" is 47. */
function upstreamVersion(version: string | undefined): string | undefined {
  return /^(?:\d+:)?(\d+(?:\.\d+)*)/.exec(version ?? '')?.[1];
}

/** /etc/os-release is mostly a link to the other one, and reads follow no links. */
async function osReleaseText(system: System): Promise<string> {
  const own = (await system.facts('/etc/os-release'))?.kind === 'file';
  return (await text(system, own ? '/etc/os-release' : '/usr/lib/os-release')) ?? '';
}

async function deviceName(system: System): Promise<string> {
  const names = [
    system.env['CARRYOVER_DEVICE_NAME'],
    await text(system, '/proc/sys/kernel/hostname'),
    await text(system, '/etc/hostname'),
  ];
  return names.map((name) => name?.trim()).find((name) => name !== undefined && name !== '') ?? 'localhost';
}

async function machineId(system: System): Promise<string> {
  const ids = [
    system.env['CARRYOVER_MACHINE_ID'],
    await text(system, '/etc/machine-id'),
    await text(system, '/var/lib/dbus/machine-id'),
  ];
  const id = ids.map((found) => found?.trim()).find((found) => found !== undefined && /^[\w-]{8,}$/.test(found));
  // "uninitialized" is what systemd writes while a machine has none yet.
  if (id !== undefined && id !== 'uninitialized') return id;
  throw new KnownError(
    'missingPart',
    'This PC has no machine id. Make one as an administrator: systemd-machine-id-setup',
  );
}

async function text(system: System, path: string): Promise<string | undefined> {
  const content = await system.readFile(path).catch(() => undefined);
  return content === undefined ? undefined : new TextDecoder().decode(content);
}

/** As a shell reads it: quotes away, backslashes before what they protect. */
function unquoted(value: string): string {
  const [, quoted] = /^(?:"(.*)"|'.*')$/.exec(value) ?? [];
  if (quoted !== undefined) return quoted.replace(/\\([\\"$`])/g, '$1');
  return value.startsWith("'") ? value.slice(1, -1) : value;
}
