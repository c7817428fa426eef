import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
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

test('the writer thread loads no package for the table but the few that commands need', () => {
  const script = `
    import { registerHooks } from 'node:module';
    const packages = new Set();
    registerHooks({
      resolve(name, context, next) {
        const { url } = next(name, context);
        const found = /node_modules\\/((@[^/]+\\/)?[^/]+)/.exec(url);
        if (found) packages.add(found[1]);
        return next(name, context);
      },
    });
    await import(process.argv[1]);
    process.stdout.write(JSON.stringify([...packages]));`;

  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '-e', script, join(source, 'commands.ts')],
    { encoding: 'utf8' },
  );

  const loaded: string[] = JSON.parse(stdout || '[]');
  assert.deepEqual(
    loaded.filter((name) => !ALLOWED.some((allowed) => name.startsWith(allowed))),
    [],
    stderr,
  );
});

/** argon2 comes with the rows of people; it is native and loads in a moment. */
const ALLOWED = ['kysely', '@carryover/', '@node-rs/argon2'];
