/**
 * What a Windows PC says of itself, all of it out of the registry: no program is started.
 *
 * The product's name still says "Windows 10" on Windows 11, so that the build decides which it is. The revision (UBR) is
 * what quality updates raise; the gates need it, and no other interface tells it.
 *
 * Source: windows-devices.md, section 4; docs/requirements.md R4, R8.
 */

import type { DeviceFacts } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import type { Registry } from './registry.ts';
import { findValue, numberOf, textOf } from './registry-words.ts';
import type { System } from './system.ts';

/** What the two systems tell in ways of their own; the id itself does not leave the device. */
export type SystemFacts = Pick<DeviceFacts, 'name' | 'platform' | 'build' | 'osName' | 'edition'> & {
  readonly machineId: string;
};

const VERSION = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const CRYPTOGRAPHY = 'SOFTWARE\\Microsoft\\Cryptography';
const NAMES = 'SYSTEM\\CurrentControlSet\\Control\\ComputerName';

const FIRST_BUILD_OF_11 = 22000;

/** Errors: missingPart when Windows has no machine id. */
export async function windowsFacts({ env }: Pick<System, 'env'>, registry: Registry): Promise<SystemFacts> {
  const version = await valuesOf(registry, VERSION);
  const number = text(version, 'CurrentBuildNumber') ?? text(version, 'CurrentBuild') ?? 'unknown';
  const revision = numberOf(version.get('ubr'));
  const edition = text(version, 'EditionID');
  return {
    name: await computerName(registry, env),
    platform: 'windows',
    build: revision === undefined ? number : `${number}.${revision}`,
    osName: osName(version, Number(number)),
    ...(edition === undefined ? {} : { edition }),
    machineId: await machineId(registry, env),
  };
}

type Values = ReadonlyMap<string, Parameters<typeof textOf>[0]>;

/** By name in small letters. */
async function valuesOf(registry: Registry, key: string): Promise<Values> {
  return new Map(((await registry.values('HKLM', key)) ?? []).map((value) => [value.name.toLowerCase(), value]));
}

function text(values: Values, name: string): string | undefined {
  return textOf(values.get(name.toLowerCase()))?.trim() || undefined;
}

/** "Windows 11 Pro 24H2". */
function osName(version: Values, build: number): string {
  const product = (text(version, 'ProductName') ?? 'Windows').replace(/^Microsoft /, '');
  const named = build >= FIRST_BUILD_OF_11 ? product.replace(/^Windows 10\b/, 'Windows 11') : product;
  return [named, text(version, 'DisplayVersion') ?? text(version, 'ReleaseId')].filter(Boolean).join(' ');
}

/** The name that holds now: one that was changed holds from the next start on. */
async function computerName(registry: Registry, env: System['env']): Promise<string> {
  const names = [
    env['CARRYOVER_DEVICE_NAME'],
    textOf(await findValue(registry, 'HKLM', `${NAMES}\\ActiveComputerName`, 'ComputerName')),
    textOf(await findValue(registry, 'HKLM', `${NAMES}\\ComputerName`, 'ComputerName')),
    env['COMPUTERNAME'],
  ];
  return names.map((name) => name?.trim()).find((name) => name !== undefined && name !== '') ?? 'localhost';
}

async function machineId(registry: Registry, env: System['env']): Promise<string> {
  const ids = [env['CARRYOVER_MACHINE_ID'], textOf(await findValue(registry, 'HKLM', CRYPTOGRAPHY, 'MachineGuid'))];
  const id = ids.map((found) => found?.trim()).find((found) => found !== undefined && /^[\w-]{8,}$/.test(found));
  if (id !== undefined) return id.toLowerCase();
  throw new KnownError(
    'missingPart',
    `This PC has no machine id: there is no MachineGuid in HKLM\\${CRYPTOGRAPHY}. Windows makes it when it is set up; ask IT.`,
  );
}
