import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileState } from '../../state/state.ts';
import { realSystem } from '../real.ts';
import type { Vault } from '../vault.ts';

const system = realSystem();

function vault(): Vault {
  assert.ok(system.vault !== undefined);
  return system.vault;
}

for (const bytes of [1, 100_000])
  test(`${bytes} bytes are sealed and opened again`, async () => {
    const content = Uint8Array.from({ length: bytes }, (_, index) => index % 251);

    const sealed = await vault().seal(content);

    if (bytes > 1) assert.equal(Buffer.from(sealed).includes(content), false);
    assert.deepEqual(await vault().open(sealed), content);
  });

test('what was changed, cut or never sealed is not opened', async () => {
  const sealed = await vault().seal(Buffer.from('a secret of some length'));
  const changed = Uint8Array.from(sealed);
  changed[sealed.length - 30] = (changed[sealed.length - 30] ?? 0) ^ 1;

  for (const wrong of [changed, sealed.subarray(0, 40), Buffer.from('never sealed'), new Uint8Array()])
    assert.equal(await vault().open(wrong), undefined);
});

test("tokens lie sealed in the person's own folder, and are read again by the next run", async () => {
  const tokens = { backup: { accessToken: 'secret-a', expiresAt: 1_800_000_000, refreshToken: 'secret-r' } };
  await fileState(system, assert.fail).write('tokens', tokens);

  const file = new TextDecoder().decode(await system.readFile(`${system.stateFolder}/tokens.json`));

  assert.match(file, /^\{"sealed":"[^"]+"\}\n$/);
  assert.deepEqual(await fileState(realSystem(), assert.fail).read('tokens'), tokens);
});
