import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { COMMANDS } from './commands.ts';
import { COMMANDS as KEY_COMMANDS } from './keys/store.ts';

const source = dirname(fileURLToPath(import.meta.url));

/** Names given to `command(` in code; comments and tests are left out. */
function namesInSource(): string[] {
  return globSync('**/*.ts', { cwd: source })
    .filter((file) => !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const code = readFileSync(join(source, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
      return [...code.matchAll(/\bcommand\(\s*'([^']+)'/g)].map((match) => match[1] ?? '');
    });
}

test('every command of the service is in a table, once', () => {
  const listed = [...COMMANDS, ...KEY_COMMANDS].map(({ name }) => name);

  assert.deepEqual(listed.toSorted(), namesInSource().toSorted());
});
