import assert from 'node:assert/strict';
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { test } from 'node:test';
import { memorySystem } from '../../testing/memory-system.ts';
import type { Vault } from '../system/vault.ts';
import { fileState, type StateFiles } from './state.ts';

const TOKENS = { backup: { accessToken: 'secret-a', expiresAt: 1_800_000_000, refreshToken: 'secret-r' } };
const FILE = '/home/ada/.local/state/carryover/tokens.json';

/** Seals for one person, as Windows does. */
function vaultOf(person: string): Vault {
  const key = createHash('sha256').update(person).digest();
  const iv = Buffer.alloc(12);
  return {
    async seal(content) {
      const cipher = createCipheriv('aes-256-gcm', key, iv);
      const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
      return Buffer.concat([cipher.getAuthTag(), sealed]);
    },
    async open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: 16 });
      decipher.setAuthTag(sealed.subarray(0, 16));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(16)), decipher.final()]);
      } catch {
        return undefined;
      }
    },
  };
}

function aPc(vault: Vault | undefined, warnings: string[] = []) {
  const system = { ...memorySystem(), ...(vault === undefined ? {} : { vault }) };
  return { system, state: fileState(system, (sentence) => void warnings.push(sentence)) };
}

test('where the system seals, tokens are read again and no word of them is in the file', async () => {
  const { system, state } = aPc(vaultOf('ada'));

  await state.write('tokens', TOKENS);

  assert.deepEqual(await state.read('tokens'), TOKENS);
  assert.doesNotMatch(system.text(FILE) ?? '', /secret|accessToken/);
  assert.deepEqual(Object.keys(JSON.parse(system.text(FILE) ?? '')), ['sealed']);
});

test('sealed tokens are nothing to another person: set aside, and asked for again', async () => {
  const { system, state } = aPc(vaultOf('ada'));
  await state.write('tokens', TOKENS);
  const warnings: string[] = [];
  const theirs = aPc(vaultOf('eve'), warnings);
  theirs.system.put(FILE, system.text(FILE) ?? '');

  assert.equal(await theirs.state.read('tokens'), undefined);

  assert.match(warnings.join(), /asks you to sign in/);
});

test('tokens of before are read as they are, and sealed with the next write', async () => {
  const before = aPc(undefined);
  await before.state.write('tokens', TOKENS);
  const { system, state } = aPc(vaultOf('ada'));
  system.put(FILE, before.system.text(FILE) ?? '');

  const read = await state.read('tokens');
  assert.deepEqual(read, TOKENS);
  await state.write('tokens', TOKENS);

  assert.doesNotMatch(system.text(FILE) ?? '', /secret/);
});

test('what is no secret stays readable', async () => {
  const { system, state } = aPc(vaultOf('ada'));
  const installed: StateFiles['schedule'] = { kind: 'taskScheduler', installedAt: '2026-03-01T09:00:00Z' };

  await state.write('schedule', installed);

  assert.deepEqual(JSON.parse(system.text(FILE.replace('tokens', 'schedule')) ?? ''), installed);
});
