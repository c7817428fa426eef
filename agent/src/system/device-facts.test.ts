import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type MemorySystem, type MemorySystemOptions, memorySystem } from '../../testing/memory-system.ts';
import { temporaryHome } from '../../testing/temporary-home.ts';
import { deviceFacts, gnomeVersion, osRelease } from './device-facts.ts';

const DEBIAN = `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
NAME="Debian GNU/Linux"
VERSION_ID="12"
VERSION="12 (bookworm)"
VERSION_CODENAME=bookworm
ID=debian
`;
const UBUNTU = `PRETTY_NAME="Ubuntu 24.04.1 LTS"
NAME="Ubuntu"
VERSION_ID="24.04"
ID=ubuntu
ID_LIKE=debian
`;
const FEDORA = `NAME="Fedora Linux"
VERSION="41 (Workstation Edition)"
ID=fedora
VERSION_ID=41
VERSION_CODENAME=""
PRETTY_NAME="Fedora Linux 41 (Workstation Edition)"
`;

const OS_RELEASES: readonly [text: string, read: ReturnType<typeof osRelease>][] = [
  [DEBIAN, { id: 'debian', version: '12', name: 'Debian GNU/Linux 12 (bookworm)' }],
  [UBUNTU, { id: 'ubuntu', version: '24.04', name: 'Ubuntu 24.04.1 LTS' }],
  [FEDORA, { id: 'fedora', version: '41', name: 'Fedora Linux 41 (Workstation Edition)' }],
  [
    'PRETTY_NAME="Debian GNU/Linux trixie/sid"\nID=debian\n',
    { id: 'debian', version: 'unknown', name: 'Debian GNU/Linux trixie/sid' },
  ],
  [
    `# a comment\nID='opensuse-leap'\nVERSION_ID="15.6"\nNAME="a \\"quoted\\" \\$name"\n`,
    { id: 'opensuse-leap', version: '15.6', name: 'a "quoted" $name' },
  ],
  ['ID="two words"\nVERSION_ID=""\n', { id: 'two-words', version: 'unknown', name: 'Linux' }],
  ['', { id: 'linux', version: 'unknown', name: 'Linux' }],
];

for (const [text, read] of OS_RELEASES)
  test(`reads ${read.name}, ${read.id} ${read.version}, out of its os-release`, () => {
    assert.deepEqual(osRelease(text), read);
  });

function aMachine(os: string, options: MemorySystemOptions = {}): MemorySystem {
  const system = memorySystem(options);
  system.put('/usr/lib/os-release', os);
  system.links.set('/etc/os-release', '../usr/lib/os-release');
  system.put('/proc/sys/kernel/hostname', 'AUE-LT-2291\n');
  system.put('/etc/machine-id', '0123456789abcdef0123456789abcdef\n');
  return system;
}

function withPackage(system: MemorySystem, name: string, version: string): MemorySystem {
  const stanza = `Package: ${name}\nStatus: install ok installed\nArchitecture: all\nVersion: ${version}\n`;
  system.put('/var/lib/dpkg/status', stanza);
  return system;
}

test('a Debian says its version and that of the installed shell', async () => {
  const facts = await deviceFacts(withPackage(aMachine(DEBIAN), 'gnome-shell', '43.9-0+deb12u2'), '0.1.0');

  assert.deepEqual(facts, {
    name: 'AUE-LT-2291',
    platform: 'linux',
    build: 'debian 12 gnome 43.9',
    osName: 'Debian GNU/Linux 12 (bookworm), GNOME 43.9',
    machineHash: facts.machineHash,
    agentVersion: '0.1.0',
  });
  assert.match(facts.machineHash, /^[0-9a-f]{64}$/);
});

test('an Ubuntu that has only the data of the shell says its version', async () => {
  const facts = await deviceFacts(withPackage(aMachine(UBUNTU), 'gnome-shell-common', '1:46.0-0ubuntu6~24.04.5'), '1');

  assert.equal(facts.build, 'ubuntu 24.04 gnome 46.0');
});

test('a Fedora asks rpm', async () => {
  const run: MemorySystemOptions['run'] = ({ program, args }) =>
    program === 'rpm' && args.at(-1) === 'gnome-shell' ? { exit: 0, stdout: '47.1\n', stderr: '' } : undefined;

  const facts = await deviceFacts(aMachine(FEDORA, { run }), '1');

  assert.equal(facts.build, 'fedora 41 gnome 47.1');
});

test('a system without GNOME says so by saying nothing of it', async () => {
  const notInstalled = { exit: 1, stdout: 'package gnome-shell is not installed\n', stderr: '' };

  assert.equal((await deviceFacts(aMachine(FEDORA, { run: () => notInstalled }), '1')).build, 'fedora 41');
  assert.equal((await deviceFacts(aMachine(FEDORA), '1')).build, 'fedora 41');
  assert.equal((await deviceFacts(withPackage(aMachine(DEBIAN), 'kde-plasma', '5.27'), '1')).build, 'debian 12');
});

test('the version of a trial release counts as what it will be', async () => {
  assert.equal(await gnomeVersion(withPackage(memorySystem(), 'gnome-shell', '48~rc-1')), '48');
});

test('the machine hash tells machines apart and does not hold the id', async () => {
  const other = aMachine(DEBIAN);
  other.put('/etc/machine-id', 'fedcba9876543210fedcba9876543210\n');

  const [one, again, two] = await Promise.all(
    [aMachine(DEBIAN), aMachine(DEBIAN), other].map((s) => deviceFacts(s, '1')),
  );

  assert.equal(one?.machineHash, again?.machineHash);
  assert.notEqual(one?.machineHash, two?.machineHash);
  assert.doesNotMatch(JSON.stringify(one), /0123456789abcdef/);
});

test('the id of D-Bus is taken where the machine has no other', async () => {
  const system = aMachine(DEBIAN);
  system.put('/etc/machine-id', 'uninitialized\n');
  await assert.rejects(deviceFacts(system, '1'), { code: 'missingPart' });

  system.put('/etc/machine-id', '');
  system.put('/var/lib/dbus/machine-id', '0123456789abcdef0123456789abcdef\n');

  assert.equal((await deviceFacts(system, '1')).machineHash, (await deviceFacts(aMachine(DEBIAN), '1')).machineHash);
});

test('devices that share a machine say their own name and id', async () => {
  const env = { CARRYOVER_DEVICE_NAME: 'OLD-PC', CARRYOVER_MACHINE_ID: 'old-pc-machine' };

  const facts = await deviceFacts(aMachine(DEBIAN, { env }), '1');

  assert.equal(facts.name, 'OLD-PC');
  assert.notEqual(facts.machineHash, (await deviceFacts(aMachine(DEBIAN), '1')).machineHash);
});

test('on this very machine every fact is there', async () => {
  await using device = await temporaryHome();

  const facts = await deviceFacts(device, '1');

  assert.match(facts.build, /^\S+ \S+( gnome \d+(\.\d+)*)?$/);
  assert.notEqual(facts.name, '');
});
