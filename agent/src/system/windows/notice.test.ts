/**
 * What Windows is told when settings have changed, call by call: by a user32 that notes how it is called, and that fills
 * structures as a Windows with other settings would.
 */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type PlainKeys, registryOf } from '../../../testing/memory-registry.ts';
import type { WindowsNotice } from '../registry.ts';
import type { Koffi, LibraryFunction } from './koffi.ts';
import { tellWindows } from './notice.ts';

const STICKY = 'HKCU\\Control Panel\\Accessibility\\StickyKeys';
const TOUCHPAD = 'HKCU\\Software\\Microsoft\\Windows\\CurrentVersion\\PrecisionTouchPad';

/** Arguments of a call; a structure as the numbers it is made of. */
type Called = readonly unknown[];

/** `structures`: what is in them when they are asked for, by the number of the SPI_GET; others are refused. */
function aUser32(structures: Readonly<Record<number, readonly number[]>>): { koffi: Koffi; calls: readonly Called[] } {
  const calls: Called[] = [];
  const answer = ([action, uiParam, given, ...more]: readonly unknown[]): number => {
    if (!(given instanceof Buffer)) {
      calls.push([action, uiParam, given, ...more]);
      return 1;
    }
    calls.push([action, uiParam, numbersIn(given), ...more]);
    const content = structures[Number(action)];
    content?.forEach((number, index) => {
      given.writeUInt32LE(number >>> 0, index * 4);
    });
    return content === undefined && more[0] === 0 ? 0 : 1;
  };
  const called: LibraryFunction = Object.assign(() => assert.fail('a program that hangs would keep the agent'), {
    async: (...args: readonly unknown[]) => {
      const done = args.at(-1) as (error: null, result: number) => void;
      done(null, answer(args.slice(0, -1)));
    },
  });
  const other = () => assert.fail('nothing else is asked');
  return {
    koffi: { load: () => ({ func: () => called }), address: other, view: other, proto: other, call: other },
    calls,
  };
}

function numbersIn(content: Buffer): number[] {
  return Array.from({ length: content.length / 4 }, (_, index) => content.readUInt32LE(index * 4));
}

async function told(
  notice: Partial<WindowsNotice>,
  keys: PlainKeys = {},
  structures: Readonly<Record<number, readonly number[]>> = {},
): Promise<readonly Called[]> {
  const { koffi, calls } = aUser32(structures);
  await tellWindows(koffi, registryOf(keys), { spi: [], broadcast: [], ...notice });
  return calls;
}

/** SPIF_UPDATEINIFILE and SPIF_SENDCHANGE. */
const AND_TELL = 3;

test('the pointer speed is given both ways, because Windows and Wine read it from different ones', async () => {
  const calls = await told({ spi: [{ action: 'SPI_SETMOUSESPEED', value: '14' }] });

  assert.deepEqual(calls, [[0x71, 14, 14, AND_TELL]]);
});

test('each kind of change is broadcast once, to all windows, without waiting for one that hangs', async () => {
  const calls = await told({ broadcast: ['ImmersiveColorSet', 'intl', 'ImmersiveColorSet'] });

  const [ALL_WINDOWS, SETTING_CHANGE, ABORT_IF_HUNG] = [0xffff, 0x1a, 2];
  assert.deepEqual(
    calls,
    ['ImmersiveColorSet', 'intl'].map((text) => [ALL_WINDOWS, SETTING_CHANGE, 0, text, ABORT_IF_HUNG, 500, [0]]),
  );
});

test('of a structure only what the registry holds changes', async () => {
  const notice = { spi: [{ action: 'SPI_SETSTICKYKEYS', value: 1 }] };

  const calls = await told(notice, { [STICKY]: { Flags: '507' } }, { 58: [8, 510] });

  assert.deepEqual(calls, [
    [0x3a, 8, [8, 0], 0],
    [0x3b, 8, [8, 507], AND_TELL],
  ]);
});

test('a structure that Windows does not give is not set: what the registry lacks would be lost', async () => {
  const notice = { spi: [{ action: 'SPI_SETSTICKYKEYS', value: 1 }] };

  const calls = await told(notice, { [STICKY]: { Flags: '507' } });

  assert.deepEqual(calls, [[0x3a, 8, [8, 0], 0]]);
});

/** As it is documented: version, contacts, legacy features, what there is, what is on, and six numbers. */
const HAD = [1, 5, 0, 0b10_0001, 0b01_1100_0111, 2, 10, 50, 50, 0, 0];

test('the touchpad takes its settings at once: bits, level and speed, and keeps what this PC alone knows', async () => {
  const keys = {
    [TOUCHPAD]: { TapsEnabled: 0, TapAndDrag: 1, ScrollDirection: 0xffff_ffff, AAPThreshold: 3, CursorSpeed: 16 },
  };

  const calls = await told({ spi: [{ action: 'SPI_SETTOUCHPADPARAMETERS', value: 1 }] }, keys, { 174: HAD });

  assert.deepEqual(calls, [
    [0xae, 44, [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0],
    [0xaf, 44, [1, 5, 0, 0b10_0001, 0b11_1100_1011, 3, 16, 50, 50, 0, 0], AND_TELL],
  ]);
});

test('a Windows without touchpads, or from before they could be set, is let be', async () => {
  const notice = { spi: [{ action: 'SPI_SETTOUCHPADPARAMETERS', value: 1 }] };

  const calls = await told(notice, { [TOUCHPAD]: { TapsEnabled: 0 } });

  assert.deepEqual(
    calls.map(([action]) => action),
    [0xae],
  );
});
