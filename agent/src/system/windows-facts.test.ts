/** What a Windows PC says of itself, from the values of its registry to the answer whether it may back up and restore. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Eligibility, eligibility } from '@carryover/model/eligibility';
import { effectivePolicy } from '@carryover/model/policy';
import type { Catalog } from '@carryover/model/setting';
import { type PlainKeys, registryOf } from '../../testing/memory-registry.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { deviceFacts } from './device-facts.ts';

const { gates } = JSON.parse(
  readFileSync(join(import.meta.dirname, '../../../catalog/catalog.json'), 'utf8'),
) as Catalog;

const VERSION = 'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
const MACHINE = 'HKLM\\SOFTWARE\\Microsoft\\Cryptography';
const NAME = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ActiveComputerName';
const JOINS = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\CloudDomainJoin\\JoinInfo';
const TCPIP = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\Tcpip\\Parameters';

const A_PC: PlainKeys = {
  [VERSION]: {
    CurrentBuild: '26100',
    CurrentBuildNumber: '26100',
    UBR: 4946,
    ProductName: 'Windows 10 Pro',
    DisplayVersion: '24H2',
    EditionID: 'Professional',
  },
  [MACHINE]: { MachineGuid: '8F2C1A34-90AB-4CDE-8123-0123456789AB' },
  [NAME]: { ComputerName: 'AUE-LT-2291' },
};

function aPc(more: PlainKeys = {}, env: Readonly<Record<string, string>> = {}) {
  return { ...memorySystem({ env }), registry: registryOf({ ...A_PC, ...more }) };
}

/** Build and revision as the registry has them. */
function ofBuild(build: string): PlainKeys {
  const [number = '', revision] = build.split('.');
  const version = { CurrentBuildNumber: number, ProductName: 'Windows 10 Pro', EditionID: 'Professional' };
  return { [VERSION]: { ...version, ...(revision === undefined ? {} : { UBR: Number(revision) }) } };
}

async function judged(build: string): Promise<Eligibility> {
  const facts = { version: 1, organization: 'Auental County', restorePageAtEnrollment: true };
  const policy = effectivePolicy({ backupEnabled: true, restoreEnabled: true }, facts);
  return eligibility({ device: await deviceFacts(aPc(ofBuild(build)), '1'), joinType: 'joined', policy }, gates);
}

test('a Windows PC says its build with the revision, its edition and what it is called', async () => {
  const { machineHash, ...facts } = await deviceFacts(aPc(), '0.1.0');

  assert.deepEqual(facts, {
    name: 'AUE-LT-2291',
    platform: 'windows',
    build: '26100.4946',
    osName: 'Windows 11 Pro 24H2',
    edition: 'Professional',
    agentVersion: '0.1.0',
  });
  assert.match(machineHash, /^[0-9a-f]{64}$/);
});

test('Windows 10 keeps its name, and a release before display versions its number', async () => {
  const { osName } = await deviceFacts(
    aPc({ [VERSION]: { CurrentBuildNumber: '19042', ProductName: 'Windows 10 Pro', ReleaseId: '2009' } }),
    '1',
  );

  assert.equal(osName, 'Windows 10 Pro 2009');
});

test('the machine hash tells PCs apart, whatever the letters of the id, and does not hold it', async () => {
  const small = { [MACHINE]: { MachineGuid: '8f2c1a34-90ab-4cde-8123-0123456789ab' } };
  const other = { [MACHINE]: { MachineGuid: '9f2c1a34-90ab-4cde-8123-0123456789ab' } };

  const [one, again, two] = await Promise.all([aPc(), aPc(small), aPc(other)].map((pc) => deviceFacts(pc, '1')));

  assert.equal(one?.machineHash, again?.machineHash);
  assert.notEqual(one?.machineHash, two?.machineHash);
  assert.doesNotMatch(JSON.stringify(one), /8f2c1a34/i);
});

test('a PC without a machine id says what is missing', async () => {
  await assert.rejects(deviceFacts(aPc({ [MACHINE]: {} }), '1'), { code: 'missingPart', message: /MachineGuid/ });
});

test('PCs that share a machine say their own name and id', async () => {
  const env = { CARRYOVER_DEVICE_NAME: 'OLD-PC', CARRYOVER_MACHINE_ID: 'old-pc-machine' };

  const facts = await deviceFacts(aPc({}, env), '1');

  assert.equal(facts.name, 'OLD-PC');
  assert.notEqual(facts.machineHash, (await deviceFacts(aPc(), '1')).machineHash);
});

const JOINED: readonly [says: string, keys: PlainKeys, join: unknown][] = [
  ['no directory', { [JOINS]: {}, [TCPIP]: { Domain: '' } }, undefined],
  ['no directory, by a suffix that is no domain', { [TCPIP]: { Domain: 'local' } }, undefined],
  ['Entra ID', { [`${JOINS}\\0A1B2C`]: { TenantId: 'x' } }, { entra: true }],
  ['a domain', { [TCPIP]: { Domain: 'Corp.Contoso.Example' } }, { domain: 'corp.contoso.example' }],
  [
    'both',
    { [`${JOINS}\\0A1B2C`]: {}, [TCPIP]: { Domain: 'corp.contoso.example' } },
    { domain: 'corp.contoso.example', entra: true },
  ],
];

for (const [says, keys, join] of JOINED)
  test(`a PC in ${says} says so`, async () => {
    assert.deepEqual((await deviceFacts(aPc(keys), '1')).osJoin, join);
  });

/** What the requirements say in figures, R4, R8 and B6. */
const GATES = {
  backup: ['19045.6216', '22621.5768', '22631.5768', '26100.4946'],
  restoreAtSetup: ['22621.3958', '22631.3958', '26100.4770'],
  restoreOnDemand: ['22621.3958', '22631.3958', '26100.4770'],
  restoreAtFirstSignIn: ['26100.7922', '26200.7922'],
} as const satisfies Record<keyof Eligibility, readonly string[]>;

for (const answer of Object.keys(GATES) as (keyof Eligibility)[])
  for (const gate of GATES[answer])
    test(`${answer}: a registry one below ${gate} is refused with its reason, exactly that may`, async () => {
      const [family = 0, revision = 0] = gate.split('.').map(Number);

      const [reason, ...more] = (await judged(`${family}.${revision - 1}`))[answer];

      assert.deepEqual([reason?.code, reason?.facts?.['needed'], more], ['buildTooOld', gate, []]);
      assert.deepEqual((await judged(gate))[answer], []);
    });

test('a registry without a revision counts as the lowest of its family', async () => {
  const { backup } = await judged('26100');

  assert.deepEqual(
    backup.map(({ code }) => code),
    ['buildTooOld'],
  );
});

test('Windows 11 21H2 and a Windows 10 before 22H2 are refused whatever their revision', async () => {
  for (const build of ['22000.9999', '19044.9999']) {
    const { backup } = await judged(build);

    assert.deepEqual(
      backup.map(({ code }) => code),
      ['familyTooOld'],
      build,
    );
  }
});
