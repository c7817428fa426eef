import assert from 'node:assert/strict';
import { chmod, mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { KnownError } from '@carryover/model/errors';
import { confirmAtTerminal, deploymentKeyFrom, deploymentKeyFromFile, type KeyFile } from './deployment-key.ts';

async function inFolder(run: (options: KeyFile) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-key-'));
  try {
    const file = join(folder, 'keys', 'deployment.key');
    await run({ file, dataFolder: join(folder, 'data'), fresh: true, confirm: async () => true });
  } finally {
    await rm(folder, { recursive: true });
  }
}

const isWrong = (error: unknown) => error instanceof KnownError && error.code === 'deploymentKeyWrong';

test('the first start writes the key for its owner only and reads the same one later', () =>
  inFolder(async (options) => {
    const first = await deploymentKeyFromFile(options);
    const second = await deploymentKeyFromFile({ ...options, fresh: false });

    assert.equal((await stat(options.file)).mode & 0o777, 0o600);
    assert.equal(first.keyId, second.keyId);
    const wrapped = await first.wrap(new Uint8Array([1, 2, 3]), 'place');
    assert.deepEqual(new Uint8Array(await second.unwrap(wrapped, 'place')), new Uint8Array([1, 2, 3]));
  }));

test('without a confirmed recovery copy nothing is written', () =>
  inFolder(async (options) => {
    const refused = deploymentKeyFromFile({ ...options, confirm: async () => false });

    await assert.rejects(refused, isWrong);
    await assert.rejects(readdir(join(options.file, '..')), { code: 'ENOENT' });
  }));

test('the recovery copy is the key', () =>
  inFolder(async (options) => {
    let copy = '';
    const confirm = async (shown: string) => {
      copy = shown;
      return true;
    };

    const key = await deploymentKeyFromFile({ ...options, confirm });

    assert.equal(deploymentKeyFrom(copy.toUpperCase().replaceAll('-', ' ')).keyId, key.keyId);
    assert.equal((await readFile(options.file, 'utf8')).trim(), copy);
  }));

test('a copy with one wrong character is refused', () =>
  inFolder(async (options) => {
    let copy = '';
    await deploymentKeyFromFile({
      ...options,
      confirm: async (shown) => {
        copy = shown;
        return true;
      },
    });

    const wrong = (copy.startsWith('a') ? 'b' : 'a') + copy.slice(1);

    assert.throws(() => deploymentKeyFrom(wrong), isWrong);
    assert.throws(() => deploymentKeyFrom(copy.slice(0, -1)), isWrong);
  }));

test('a key inside the data folder, readable by others, or missing beside data is refused', () =>
  inFolder(async (options) => {
    await assert.rejects(deploymentKeyFromFile({ ...options, file: join(options.dataFolder, 'key') }), isWrong);
    await assert.rejects(deploymentKeyFromFile({ ...options, fresh: false }), isWrong);
    await deploymentKeyFromFile(options);
    await chmod(options.file, 0o644);
    await assert.rejects(deploymentKeyFromFile({ ...options, fresh: false }), isWrong);
  }));

test('the terminal asks for the last group of the copy', async () => {
  const [input, output] = [new PassThrough(), new PassThrough()];
  input.write('BEEF\n');

  assert.equal(await confirmAtTerminal('0123-beef', input, output), true);

  input.write('yes\n');
  assert.equal(await confirmAtTerminal('0123-beef', input, output), false);
  assert.match(String(output.read()), /0123-beef/);
});
