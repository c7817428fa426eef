import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registryData, windowsRegistry } from '../../testing/memory-registry.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { dryRun } from './dry-run.ts';

test('a dry run tells every change, makes none, and reads what is really there', async () => {
  const system = memorySystem({ run: ({ program }) => ({ exit: 0, stdout: program, stderr: '' }) });
  system.put('/home/ada/old', 'text');
  const told: string[] = [];
  const dry = dryRun(system, (change) => told.push(change));

  await dry.writeFile('/home/ada/new', 'four', 0o600);
  await dry.appendLine('/home/ada/log', 'line');
  await dry.removeFile('/home/ada/old');
  await dry.removeFile('/home/ada/missing');
  await dry.run('dconf', ['load', '/']);
  const listed = await dry.run('dconf', ['dump', '/'], { readOnly: true });

  assert.deepEqual(told, [
    'write /home/ada/new (4 bytes)',
    'append to /home/ada/log: line',
    'remove /home/ada/old',
    'run dconf load /',
  ]);
  assert.equal(listed.stdout, 'dconf');
  assert.deepEqual([...system.files.keys()], ['/home/ada/old']);
  assert.equal(new TextDecoder().decode(await dry.readFile('/home/ada/old')), 'text');
});

test("a dry run keeps its own state folder's files", async () => {
  const system = memorySystem();

  await dryRun(system, () => assert.fail('told of its own file')).writeFile(
    `${system.stateFolder}/schemas.json`,
    '{}',
    0o600,
  );

  assert.equal(system.text(`${system.stateFolder}/schemas.json`), '{}');
});

test('a dry run tells of values of the registry and of what Windows would be told, and sets none', async () => {
  const registry = windowsRegistry(26100);
  registry.put('HKCU\\Mouse', 'Speed', registryData('REG_SZ', '1'));
  const system = memorySystem({ registry });
  const told: string[] = [];
  const dry = dryRun(system, (change) => told.push(change));

  await dry.registry?.set('HKCU', 'Mouse', { name: '', ...registryData('REG_DWORD', 1) });
  await dry.registry?.remove('HKCU', 'Mouse', 'speed');
  await dry.registry?.remove('HKCU', 'Mouse', 'missing');
  await dry.registry?.removeEmptyKey('HKCU', 'Mouse');
  await dry.notify?.({ spi: [{ action: 'SPI_SETMOUSESPEED', value: 1 }], broadcast: ['intl'] });

  assert.deepEqual(told, [
    'set HKCU\\Mouse, (Default) (4 bytes)',
    'remove HKCU\\Mouse, speed',
    'call SystemParametersInfo(SPI_SETMOUSESPEED)',
    'broadcast WM_SETTINGCHANGE "intl"',
  ]);
  assert.deepEqual(registry.writes, []);
  assert.deepEqual(system.notices, []);
  assert.equal((await dry.registry?.values('HKCU', 'Mouse'))?.length, 1);
});
