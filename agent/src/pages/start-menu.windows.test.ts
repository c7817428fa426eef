/** The shortcut goes where Windows itself says that this person's Start menu is. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readShellLink } from '../../testing/read-shell-link.ts';
import { realSystem } from '../system/real.ts';
import { installMenuEntry, removeMenuEntry } from './menu-entry.ts';

const SHELL_FOLDERS = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\Explorer\\Shell Folders';
const NAME = 'Windows Backup (Carryover).lnk';

test("the shortcut lies among the person's own programs, and is gone when it is removed", async () => {
  const system = realSystem();
  const { stdout } = await system.run('reg', ['query', SHELL_FOLDERS, '/v', 'Programs']);
  const [, programs = ''] = /REG_SZ\s+(.+?)\s*$/m.exec(stdout) ?? [];
  const folder = programs.replaceAll('\\', '/');

  await installMenuEntry(system, 'C:\\Program Files\\Carryover\\carryover.exe');
  const content = await system.readFile(`${folder}/${NAME}`);
  await removeMenuEntry(system);

  assert.ok(content !== undefined, `${folder} has it`);
  assert.equal(readShellLink(content).itemPath, 'C:\\Program Files\\Carryover\\carryover.exe');
  assert.ok(!(await system.list(folder)).includes(NAME));
});
