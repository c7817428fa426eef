import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isMetered } from '../metered.ts';
import { realSystem } from '../real.ts';
import { loadKoffi } from './koffi.ts';
import { isMeteredByWindows } from './network-cost.ts';

test('a network without limits is not metered, however often it is asked', async () => {
  const system = realSystem();

  for (const _ of [1, 2, 3]) assert.equal(await isMetered(system), false);
});

/** Wine's own network never costs; what Windows may answer is put in place of its answer. */
const COSTS = [
  [0x0, 'unknown', false],
  [0x1, 'unrestricted', false],
  [0x2, 'a fixed volume', true],
  [0x4, 'paid by volume', true],
  [0x1_0001, 'over its limit', true],
  [0x2_0001, 'congested', false],
  [0x4_0001, 'roaming', true],
] as const;

for (const [cost, words, expected] of COSTS)
  test(`a network that is ${words} is ${expected ? '' : 'not '}metered`, async () => {
    const koffi = await loadKoffi(realSystem().stateFolder);
    const answering = {
      load: (library: string) => koffi.load(library),
      address: (content: Uint8Array) => koffi.address(content),
      view: (address: bigint, bytes: number) => koffi.view(address, bytes),
      proto: (prototype: string) => koffi.proto(prototype),
      call(address: bigint, prototype: unknown, ...args: readonly unknown[]) {
        const answer = koffi.call(address, prototype, ...args);
        const [, out] = args;
        if (Array.isArray(out)) out[0] = cost;
        return answer;
      },
    };

    assert.equal(isMeteredByWindows(answering), expected);
  });
