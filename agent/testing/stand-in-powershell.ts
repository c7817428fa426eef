/**
 * A stand-in for Windows PowerShell, in tests only: it answers the scripts about the lock screen and the layout of Start
 * as Microsoft documents the class LockScreen and the cmdlets Export-StartLayout and Get-StartApps, on a made-up PC.
 *
 * What it cannot show is that the real one runs the scripts; docs/requirements.md says so.
 */

import { pathToFileURL } from 'node:url';
import type { ProgramRun } from './memory-system.ts';

export interface StandInWindows {
  /** The picture shown, and the file it was set from: none when a program set it as a stream. */
  shown?: { readonly content: Uint8Array; readonly path?: string };
  /** False: a Windows without the class and the cmdlets. */
  readonly hasClass?: boolean;
  /** What is exported as the layout of Start, and the apps that Start lists. */
  start?: { readonly layout: string; readonly apps: readonly { readonly name: string; readonly id: string }[] };
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

/** Answers one run of powershell.exe and changes `pc` as it would; undefined for any other program. */
export async function standInPowerShell({ program, args, options }: ProgramRun, files: Files, pc: StandInWindows) {
  if (!/\\System32\\WindowsPowerShell\\v1\.0\\powershell\.exe$/i.test(program)) return undefined;
  const failed = (stderr: string) => ({ exit: 1, stdout: '', stderr });
  const done = (...lines: readonly string[]) => ({
    exit: 0,
    stdout: lines.map((line) => `${line}\r\n`).join(''),
    stderr: '',
  });
  const [encoded = ''] = args.slice(args.indexOf('-EncodedCommand') + 1);
  const script = Buffer.from(encoded, 'base64').toString('utf16le');
  const { CARRYOVER_COPY: copy, CARRYOVER_PICTURE: picture } = options.env ?? {};
  if (pc.isKeptOff === true) return failed('Cannot invoke method. Method invocation is supported only on core types.');
  if (pc.hasClass === false) return done('absent');
  if (script.includes('Export-StartLayout')) {
    const { CARRYOVER_LAYOUT: layout, CARRYOVER_APPS: apps } = options.env ?? {};
    if (layout === undefined || apps === undefined || pc.start === undefined) return failed('Access is denied.');
    files.put(slashed(layout), Buffer.from(pc.start.layout));
    files.put(slashed(apps), Buffer.from(JSON.stringify(pc.start.apps)));
    return done('done');
  }
  if (script.includes('SetImageFileAsync')) {
    const content = picture === undefined ? undefined : await files.readFile(slashed(picture));
    if (content === undefined || picture === undefined) return failed('The system cannot find the file specified.');
    if (pc.ignores !== true) pc.shown = { content: pc.madeOf?.(content) ?? content, path: picture };
    return done('done');
  }
  if (pc.shown === undefined || copy === undefined) return failed('The system cannot find the file specified.');
  files.put(slashed(copy), pc.shown.content);
  const { path } = pc.shown;
  return done(...(path === undefined ? [] : [`file ${pathToFileURL(path, { windows: true }).href}`]), 'copy');
}

function slashed(path: string): string {
  return path.replaceAll('\\', '/');
}
