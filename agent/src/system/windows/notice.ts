/**
 * Telling Windows that settings have changed, so that programs which are running take them up.
 *
 * Each call is made on koffi's own thread, because a program that hangs keeps a broadcast waiting. A call that Windows
 * refuses is let be: the values are in the registry and count from the next sign-in on.
 *
 * Source: SystemParametersInfoW, SendMessageTimeoutW and WM_SETTINGCHANGE in Microsoft's documentation.
 */

import type { Registry, WindowsNotice } from '../registry.ts';
import { findValue, numberOf, textOf } from '../registry-words.ts';
import type { Koffi, LibraryFunction } from './koffi.ts';
import { type Member, SPI_ACTIONS, type SpiAction } from './spi-actions.ts';

const SPIF_UPDATEINIFILE = 1;
const SPIF_SENDCHANGE = 2;
const HWND_BROADCAST = 0xffff;
const WM_SETTINGCHANGE = 0x1a;
const SMTO_ABORTIFHUNG = 2;
/** For each window that does not answer. */
const ANSWER_MS = 500;

/** Errors: none for a call that is refused, or an action that is not known here. */
export async function tellWindows(koffi: Koffi, registry: Registry, notice: WindowsNotice): Promise<void> {
  const user32 = koffi.load('user32.dll');
  const spi = (pvParam: string) =>
    beside(user32.func(`int32_t __stdcall SystemParametersInfoW(uint32_t, uint32_t, ${pvParam}, uint32_t)`));
  const calls = { byNumber: spi('uintptr_t'), byText: spi('str16'), byPointer: spi('_Inout_ uint8_t *') };
  for (const { action, value } of notice.spi) {
    const known = SPI_ACTIONS[action];
    if (known !== undefined) await tell(calls, registry, known, value);
  }
  const send = beside(
    user32.func(
      'intptr_t __stdcall SendMessageTimeoutW(uintptr_t, uint32_t, uintptr_t, str16, uint32_t, uint32_t, _Out_ uintptr_t *)',
    ),
  );
  for (const text of new Set(notice.broadcast))
    await send(HWND_BROADCAST, WM_SETTINGCHANGE, 0, text, SMTO_ABORTIFHUNG, ANSWER_MS, [0]);
}

type Call = (...args: readonly unknown[]) => Promise<unknown>;

interface Calls {
  readonly byNumber: Call;
  readonly byText: Call;
  readonly byPointer: Call;
}

const AND_TELL = SPIF_UPDATEINIFILE | SPIF_SENDCHANGE;

async function tell(calls: Calls, registry: Registry, action: SpiAction, value: string | number): Promise<void> {
  const { number } = action;
  // -1 is a value of some, and means the largest number.
  const given = Number(value) >>> 0;
  switch (action.takes) {
    case 'nothing':
      await calls.byNumber(number, 0, 0, AND_TELL);
      return;
    case 'uiParam':
      await calls.byNumber(number, given, 0, AND_TELL);
      return;
    case 'pvParam':
      await calls.byNumber(number, 0, given, AND_TELL);
      return;
    case 'both':
      await calls.byNumber(number, given, given, AND_TELL);
      return;
    case 'text': {
      const text = await textAt(registry, action);
      if (text !== undefined) await calls.byText(number, 0, text, AND_TELL);
      return;
    }
    case 'structure': {
      const content = Buffer.alloc(action.bytes);
      const uiParam = action.head === undefined ? 0 : action.bytes;
      if (action.head !== undefined) content.writeUInt32LE(action.head);
      if ((await calls.byPointer(action.get, uiParam, content, 0)) !== 1) return;
      for (const member of action.members) {
        const found = await numberAt(registry, member);
        if (found !== undefined) putMember(content, member, found);
      }
      await calls.byPointer(number, uiParam, content, AND_TELL);
    }
  }
}

function putMember(content: Buffer, { at, bit }: Member, value: number): void {
  if (bit === undefined) {
    content.writeUInt32LE(value >>> 0, at);
    return;
  }
  const others = content.readUInt32LE(at) & ~(1 << bit);
  content.writeUInt32LE((others | (value === 0 ? 0 : 1 << bit)) >>> 0, at);
}

type Place = Pick<Member, 'key' | 'value'>;

async function textAt(registry: Registry, { key, value }: Place): Promise<string | undefined> {
  return textOf(await findValue(registry, 'HKCU', key, value));
}

/** A REG_DWORD, or the digits that Windows keeps as a text. */
async function numberAt(registry: Registry, { key, value }: Place): Promise<number | undefined> {
  const found = await findValue(registry, 'HKCU', key, value);
  const text = textOf(found);
  if (text === undefined) return numberOf(found);
  return /^\d{1,10}$/.test(text) ? Number(text) : undefined;
}

/** How long one call is waited for, in milliseconds: a program that hangs may keep it for good. */
const PATIENCE_MS = 10_000;

/** The function on another thread; undefined when its answer is not waited for any longer. */
function beside(called: LibraryFunction): Call {
  const { async: onThread } = called as unknown as {
    readonly async: (...args: readonly unknown[]) => void;
  };
  return (...args) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const timer = setTimeout(() => resolve(undefined), PATIENCE_MS);
    onThread(...args, (error: Error | null, result: unknown) => (error === null ? resolve(result) : reject(error)));
    return promise.finally(() => clearTimeout(timer));
  };
}
