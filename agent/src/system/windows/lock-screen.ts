/**
 * The door to the picture of the person's lock screen, which Windows gives and takes by an API of its own.
 *
 * Asking starts a program and takes most of a second, so that the answer is noted, and given again for a day as long as
 * a cheap sign stays what it was: the values in which Windows keeps the kind of lock screen, and the one that it changes
 * with every picture a person chooses. None of them says which picture it is, and none is documented: hence the day.
 *
 * Windows may show a copy that it made anew of the picture it was given. What was given stands for it as long as Windows
 * shows that same copy, so that a picture brought twice is known again.
 *
 * Source: Microsoft's pages of Windows.System.UserProfile.LockScreen and of the policies "Force a specific default lock
 * screen and logon image", "Prevent changing lock screen and logon image" and the Personalization CSP.
 */

import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { noteIn } from '../note.ts';
import { isSameName, type RegistryNamedValue } from '../registry.ts';
import { numberOf, textOf } from '../registry-words.ts';
import type { System } from '../system.ts';
import { ASK_LOCK_SCREEN, TELL_LOCK_SCREEN } from './lock-screen-scripts.ts';
import { linesOfPowerShell } from './powershell.ts';

/** What the lock screen shows: nothing that can be asked for, pictures that come and go by themselves, or one picture. */
export type LockScreenShown =
  | { readonly kind: 'absent' | 'changing' }
  | {
      readonly kind: 'picture';
      /** Where it was chosen, with backslashes; undefined when it was not chosen as a file. */
      readonly path?: string;
      /** What Windows shows of it. */
      copy(): Promise<Uint8Array | undefined>;
    };

/** The policy that decides what the lock screen shows, by its name; undefined while it is the person's own. */
export async function lockScreenPolicy(system: System): Promise<string | undefined> {
  const policies = await valuesOf(system, 'HKLM', 'SOFTWARE\\Policies\\Microsoft\\Windows\\Personalization');
  if (textOf(valueIn(policies, 'LockScreenImage')) !== undefined)
    return 'Force a specific default lock screen and logon image';
  if (numberOf(valueIn(policies, 'NoChangingLockScreen')) === 1) return 'Prevent changing lock screen and logon image';
  const managed = await valuesOf(system, 'HKLM', 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\PersonalizationCSP');
  return textOf(valueIn(managed, 'LockScreenImagePath')) === undefined
    ? undefined
    : 'Personalization/LockScreenImageUrl';
}

/**
 * What the lock screen shows, as last noted while its sign is the same, or asked now.
 * Errors: missingPart or Error when Windows PowerShell is not there or kept from it.
 */
export async function lockScreenShown(system: System, how: 'asNoted' | 'now'): Promise<LockScreenShown> {
  const sign = await signOf(system);
  if (sign.isChanging) return { kind: 'changing' };
  const noted = await noteIn<Note>(system, noteFile(system));
  const isFresh = noted?.sign === sign.text && system.now().epochMilliseconds - noted.askedMs < DAY_MS;
  const note = isFresh && how === 'asNoted' ? noted : await asked(system, sign.text, noted?.given);
  return shownFrom(system, note);
}

/**
 * Makes a file the picture of the lock screen; whether Windows shows something else since, or the same as wished.
 * `path` with backslashes. Errors: as above.
 */
export async function showOnLockScreen(system: System, path: string): Promise<boolean> {
  const before = await noteIn<Note>(system, noteFile(system));
  const lines = await linesOfPowerShell(system, TELL_LOCK_SCREEN, {
    env: { CARRYOVER_PICTURE: path },
    readOnly: false,
  });
  if (!lines.includes('done')) return false;
  const sign = await signOf(system);
  const after = await asked(system, sign.text, undefined);
  const isTaken = after.path === path || after.path !== before?.path || after.digest !== before?.digest;
  const given = after.digest === undefined || !isTaken ? {} : { given: { path, digest: after.digest } };
  await note(system, { ...after, ...given });
  return isTaken;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** An answer of Windows. */
interface Note {
  readonly sign: string;
  /** Milliseconds of the wall clock. */
  readonly askedMs: number;
  readonly isThere: boolean;
  readonly path?: string;
  /** SHA-256 of the copy, which is kept beside. */
  readonly digest?: string;
  /** The file that a restore gave to Windows, and what Windows showed of it. */
  readonly given?: { readonly path: string; readonly digest: string };
}

async function asked(system: System, sign: string, given: Note['given']): Promise<Note> {
  await using folder = await system.temporaryFolder();
  const file = `${folder.path}/picture`;
  const env = { CARRYOVER_COPY: file.replaceAll('/', '\\') };
  const lines = await linesOfPowerShell(system, ASK_LOCK_SCREEN, { env, readOnly: true });
  const copy = lines.includes('copy') ? await system.readFile(file) : undefined;
  const path = pathIn(lines);
  const answer: Note = {
    sign,
    askedMs: system.now().epochMilliseconds,
    isThere: copy !== undefined || path !== undefined,
    ...(path === undefined ? {} : { path }),
    ...(copy === undefined ? {} : { digest: digestOf(copy) }),
    ...(given === undefined ? {} : { given }),
  };
  if (copy !== undefined) await system.writeFile(copyFile(system), copy, 0o600);
  await note(system, answer);
  return answer;
}

function shownFrom(system: System, { isThere, path, digest, given }: Note): LockScreenShown {
  if (!isThere) return { kind: 'absent' };
  const chosen = given !== undefined && given.digest === digest ? given.path : path;
  return {
    kind: 'picture',
    ...(chosen === undefined ? {} : { path: chosen }),
    async copy() {
      const copy = digest === undefined ? undefined : await system.readFile(copyFile(system));
      return copy !== undefined && digestOf(copy) === digest ? copy : undefined;
    },
  };
}

/** A share of another computer keeps its name, so that it is known for one. */
function pathIn(lines: readonly string[]): string | undefined {
  const address = lines.find((line) => line.startsWith('file '))?.slice('file '.length);
  if (address === undefined || !address.toLowerCase().startsWith('file:')) return undefined;
  try {
    return fileURLToPath(address, { windows: true });
  } catch {
    return undefined;
  }
}

async function signOf(system: System): Promise<{ readonly text: string; readonly isChanging: boolean }> {
  const current = 'SOFTWARE\\Microsoft\\Windows\\CurrentVersion';
  const spotlight = valueIn(await valuesOf(system, 'HKCU', `${current}\\ContentDeliveryManager`), ROTATING);
  const kind = await valuesOf(system, 'HKCU', `${current}\\Lock Screen`);
  const accounts = `${current}\\SystemProtectedUserData`;
  const names = (await system.registry?.keys('HKLM', accounts).catch(() => undefined)) ?? [];
  const chosen = names.map((name) => valuesOf(system, 'HKLM', `${accounts}\\${name}\\AnyoneRead\\LockScreen`));
  const isChanging = numberOf(spotlight) === 1 || numberOf(valueIn(kind, 'SlideshowEnabled')) === 1;
  const values = [spotlight === undefined ? [] : [spotlight], kind, ...(await Promise.all(chosen))];
  return { text: digestOf(Buffer.from(JSON.stringify(values.map((some) => some.map(wordsOf))))), isChanging };
}

const ROTATING = 'RotatingLockScreenEnabled';

function wordsOf({ name, type, bytes }: RegistryNamedValue): readonly [string, number, string] {
  return [name, type, Buffer.from(bytes).toString('hex')];
}

/** None where there is no such key, or it is closed. */
async function valuesOf(system: System, hive: 'HKCU' | 'HKLM', key: string): Promise<readonly RegistryNamedValue[]> {
  return (await system.registry?.values(hive, key).catch(() => undefined)) ?? [];
}

function valueIn(values: readonly RegistryNamedValue[], name: string): RegistryNamedValue | undefined {
  return values.find((value) => isSameName(value.name, name));
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

async function note(system: System, answer: Note): Promise<void> {
  await system.writeFile(noteFile(system), JSON.stringify(answer), 0o600);
}

function noteFile({ stateFolder }: System): string {
  return `${stateFolder}/lock-screen.json`;
}

function copyFile({ stateFolder }: System): string {
  return `${stateFolder}/lock-screen.picture`;
}
