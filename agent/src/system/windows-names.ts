/** Names of Windows: paths as its programs write them, and the programs that come with it. Pure but for the look at a file. */

import type { System } from './system.ts';

/** With the separators of Windows: Node takes either, programs and files of Windows do not. */
export function windowsPath(path: string): string {
  return path.replaceAll('/', '\\');
}

/** On a drive of this PC, e.g. "C:\Program Files\Carryover\carryover.exe". */
export function isDrivePath(path: string): boolean {
  return /^[A-Za-z]:\\[^\p{Cc}"*?<>|]*$/u.test(windowsPath(path));
}

/** A variable of the environment: Windows does not tell capitals from small letters in their names. */
export function variable({ env }: Pick<System, 'env'>, name: string): string | undefined {
  const found = Object.keys(env).find((key) => key.toLowerCase() === name.toLowerCase());
  return found === undefined ? undefined : env[found];
}

/** A program of Windows itself by its whole path: by its name alone one lying in the current folder would be found first. */
export function systemProgram(system: Pick<System, 'env'>, name: string): string {
  return `${variable(system, 'SystemRoot') ?? 'C:\\Windows'}\\System32\\${name}`;
}

/**
 * The same program without a console, where the package brings one: "carryoverw.exe" beside "carryover.exe", as Java and
 * Python have them. Started by Windows, the other would show an empty console window for as long as it runs.
 */
export async function windowless(system: Pick<System, 'facts'>, launcher: string): Promise<string> {
  const twin = launcher.replace(/(?=\.exe$)/i, 'w');
  return twin !== launcher && (await system.facts(twin)) !== undefined ? twin : launcher;
}
