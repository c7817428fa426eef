/** Asked on a real bus, of a stand-in for NetworkManager. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { memorySystem } from '../../testing/memory-system.ts';
import { networkManager } from '../../testing/network-manager.ts';
import { privateBus } from '../../testing/private-bus.ts';
import { temporaryHome } from '../../testing/temporary-home.ts';
import { isMetered } from './metered.ts';

for (const [value, meaning, expected] of [
  [0, 'unknown', false],
  [1, 'metered', true],
  [2, 'not metered', false],
  [3, 'guessed to be metered', true],
  [4, 'guessed not to be metered', false],
] as const)
  test(`a network that NetworkManager calls ${meaning} is ${expected ? '' : 'not '}metered`, async () => {
    await using bus = await privateBus();
    using manager = await networkManager(bus.address, value);
    await using home = await temporaryHome({ DBUS_SYSTEM_BUS_ADDRESS: bus.address });

    assert.equal(await isMetered(home), expected);
    assert.equal(manager.asked(), 1);
  });

test('without NetworkManager, a bus or busctl nothing is metered', async () => {
  await using bus = await privateBus();
  await using empty = await temporaryHome({ DBUS_SYSTEM_BUS_ADDRESS: bus.address });
  await using without = await temporaryHome({ DBUS_SYSTEM_BUS_ADDRESS: 'unix:path=/nonexistent' });

  assert.equal(await isMetered(empty), false);
  assert.equal(await isMetered(without), false);
  assert.equal(await isMetered(memorySystem()), false);
});
