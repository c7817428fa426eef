import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memorySystem } from '../../testing/memory-system.ts';
import { installMenuEntry, menuEntry, removeMenuEntry } from './menu-entry.ts';

const PATH = '/home/ada/.local/share/applications/carryover-settings.desktop';

/** Keys and values as the Desktop Entry Specification reads them: one group, escapes of strings undone. */
function read(entry: string): Map<string, string> {
  const [head, ...lines] = entry.trimEnd().split('\n');
  assert.equal(head, '[Desktop Entry]');
  return new Map(
    lines.map((line) => {
      const [, key = '', value = ''] = /^([A-Za-z]+(?:\[\w+\])?)=(.*)$/.exec(line) ?? [];
      assert.notEqual(key, '', line);
      return [key, value.replaceAll('\\\\', '\\')];
    }),
  );
}

test('the settings page is found by "Windows Backup" in English and German', () => {
  const entry = read(menuEntry('/opt/carryover/carryover'));

  for (const key of ['Name', 'GenericName', 'Comment', 'Keywords'])
    assert.notEqual(entry.get(key), entry.get(`${key}[de]`), key);
  for (const key of ['Keywords', 'Keywords[de]']) assert.ok(entry.get(key)?.split(';').includes('Windows Backup'));
  assert.deepEqual([entry.get('Type'), entry.get('Terminal')], ['Application', 'false']);
  assert.equal(entry.get('Exec'), '"/opt/carryover/carryover" settings');
});

test('a path with signs that mean something in an entry still is that path', () => {
  const path = '/home/ada/My $HOME `50` "x\\y"/carryover';

  const [, inQuotes = ''] = /^"(.*)" settings$/.exec(read(menuEntry(path)).get('Exec') ?? '') ?? [];

  assert.equal(inQuotes.replaceAll(/\\(["`$\\])/g, '$1'), path);
});

test('the entry is there once however often it is installed, and gone when it is removed', async () => {
  const system = memorySystem();

  await installMenuEntry(system, '/opt/carryover');
  await installMenuEntry(system, '/usr/bin/carryover');
  assert.match(system.text(PATH) ?? '', /^Exec="\/usr\/bin\/carryover" settings$/m);
  await removeMenuEntry(system);
  await removeMenuEntry(system);

  assert.deepEqual([...system.files.keys()], []);
});

test("the person's own folder for data is where it goes", async () => {
  const system = memorySystem({ env: { XDG_DATA_HOME: '/home/ada/data' } });

  await installMenuEntry(system, '/opt/carryover');

  assert.deepEqual([...system.files.keys()], ['/home/ada/data/applications/carryover-settings.desktop']);
});

test('a path that no desktop would start is refused', async () => {
  await assert.rejects(installMenuEntry(memorySystem(), '/opt/50%/carryover'), { code: 'invalidRequest' });
  await assert.rejects(installMenuEntry(memorySystem(), '/opt/x\nExec=evil'), { code: 'invalidRequest' });
});
