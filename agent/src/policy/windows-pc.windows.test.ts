/**
 * A Windows PC says what it is and what its administrators decided, out of its own registry, into which Windows' reg.exe
 * wrote it.
 */

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { deviceFacts } from '../system/device-facts.ts';
import { realSystem } from '../system/real.ts';
import { systemProgram } from '../system/windows-names.ts';
import { localPolicy } from './policy.ts';

const system = realSystem();
const VERSION = 'HKLM\\Software\\Microsoft\\Windows NT\\CurrentVersion';
const SETTING_SYNC = 'HKLM\\Software\\Policies\\Microsoft\\Windows\\SettingSync';
const OWN = 'HKLM\\Software\\Policies\\Carryover';
const JOIN = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo\\0A1B2C3D';
const TCPIP = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';

const policy = () => localPolicy(system, { folder: '/nowhere', owners: [] });

async function reg(...args: readonly string[]): Promise<void> {
  const { exit, stderr } = await system.run(systemProgram(system, 'reg.exe'), args);
  assert.equal(exit, 0, stderr);
}

const add = (key: string, name: string, type: string, data: string) =>
  reg('add', key, '/v', name, '/t', type, '/d', data, '/f');

before(async () => {
  await add(VERSION, 'UBR', 'REG_DWORD', '4770');
  await add(VERSION, 'EditionID', 'REG_SZ', 'CloudEdition');
});

test('its facts are those of the registry, and change with it', async () => {
  const facts = await deviceFacts(system, '1');
  await add(VERSION, 'UBR', 'REG_DWORD', '4946');
  const updated = await deviceFacts(system, '1');

  assert.deepEqual([facts.build, updated.build], ['26100.4770', '26100.4946']);
  assert.deepEqual(
    [facts.platform, facts.name, facts.edition, facts.osJoin],
    ['windows', 'PC-TESTS', 'CloudEdition', undefined],
  );
  assert.match(facts.osName, /^Windows 11 .+ 24H2$/);
  assert.match(facts.machineHash, /^[0-9a-f]{64}$/);
  assert.equal(facts.machineHash, updated.machineHash);
});

test('what Group Policy writes is read, and its mark changes with it', async () => {
  const before = await policy().mark();
  await add(SETTING_SYNC, 'EnableWindowsBackup', 'REG_DWORD', '1');
  await add(SETTING_SYNC, 'DisableSettingSync', 'REG_DWORD', '2');
  await add(SETTING_SYNC, 'DisableSettingSyncUserOverride', 'REG_DWORD', '1');
  await add(OWN, 'BackupIntervalDays', 'REG_DWORD', '4');
  await add(OWN, 'AllowedAppSources', 'REG_MULTI_SZ', 'https://one.example\\0https://two.example');

  const { documents, problems } = await policy().read();

  assert.equal(before, '');
  assert.notEqual(await policy().mark(), '');
  assert.deepEqual(problems, []);
  assert.deepEqual(
    documents.flatMap(({ settings }) => settings),
    [
      { policy: 'EnableWindowsBackup', value: true },
      { policy: 'DisableSettingSync', value: 'locked' },
      { policy: 'BackupIntervalDays', value: 4 },
      { policy: 'AllowedAppSources', value: ['https://one.example', 'https://two.example'] },
    ],
  );
});

test("joined to Entra ID, it says so, and Microsoft's key is told instead of followed", async () => {
  await reg('add', JOIN, '/f');
  await add(TCPIP, 'Domain', 'REG_SZ', 'Corp.Contoso.Example');

  const { osJoin } = await deviceFacts(system, '1');
  const { documents, problems } = await policy().read();

  assert.deepEqual(osJoin, { domain: 'corp.contoso.example', entra: true });
  assert.deepEqual(
    documents.map(({ name }) => name),
    [OWN],
  );
  assert.deepEqual([...new Set(problems.map(({ code }) => code))], ['policyOfOtherClient']);
});
