/**
 * A stand-in for Windows PowerShell, in tests only: it answers the scripts about the lock screen as Microsoft documents
 * the class LockScreen, on a made-up PC.
 *
 * What it cannot show is that the real one runs the scripts; docs/requirements.md says so.
 */

import { pathToFileURL } from 'node:url';
import type { ProgramRun } from './memory-system.ts';

export interface StandInLockScreen {
  /** The picture shown, and the file it was set from: none when a program set it as a stream. */
  shown?: { readonly content: Uint8Array; readonly path?: string };
  /** False: a Windows without the class. */
  readonly hasClass?: boolean;
  /** Windows takes pictures and goes on showing what it shows. */
  readonly ignores?: boolean;
  /** What Windows makes of a picture that it is given. */
  readonly madeOf?: (content: Uint8Array) => Uint8Array;
  /** Scripts are kept from running. */
  readonly isKeptOff?: boolean;
}

interface Files {
  put(path: string, content: Uint8Array): void;
  readFile(path: string): Promise<Uint8Array | undefined>;
}

/** Answers one run of powershell.exe and changes `screen` as it would; undefined for any other program. */
export async function standInPowerShell(
  { program, args, options }: ProgramRun,
  files: Files,
  screen: StandInLockScreen,
) {
  if (!/\\System32\\WindowsPowerShell\\v1\.0\\powershell\.exe$/.test(program)) return undefined;
  const failed = (stderr: string) => ({ exit: 1, stdout: '', stderr });
  const done = (...lines: readonly string[]) => ({
    exit: 0,
    stdout: lines.map((line) => `${line}\r\n`).join(''),
    stderr: '',
  });
  const [encoded = ''] = args.slice(args.indexOf('-EncodedCommand') + 1);
  const script = Buffer.from(encoded, 'base64').toString('utf16le');
  const { CARRYOVER_COPY: copy, CARRYOVER_PICTURE: picture } = options.env ?? {};
  if (screen.isKeptOff === true)
    return failed('Cannot invoke method. Method invocation is supported only on core types.');
  if (screen.hasClass === false) return done('absent');
  if (script.includes('SetImageFileAsync')) {
    const content = picture === undefined ? undefined : await files.readFile(slashed(picture));
    if (content === undefined || picture === undefined) return failed('The system cannot find the file specified.');
    if (screen.ignores !== true) screen.shown = { content: screen.madeOf?.(content) ?? content, path: picture };
    return done('done');
  }
  if (screen.shown === undefined || copy === undefined) return failed('The system cannot find the file specified.');
  files.put(slashed(copy), screen.shown.content);
  const { path } = screen.shown;
  return done(...(path === undefined ? [] : [`file ${pathToFileURL(path, { windows: true }).href}`]), 'copy');
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
