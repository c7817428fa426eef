/**
 * A program as a desktop entry names it in its Exec key: in quotes, with quote, backquote, dollar and backslash escaped,
 * each backslash doubled once more because the value is a string of the file. Pure.
 *
 * Source: Desktop Entry Specification 1.5, "The Exec key".
 */

import { KnownError } from '@carryover/model/errors';

/** `launcher` is the absolute path of the program. Errors: invalidRequest for a path that no desktop would start. */
export function execKeyOf(launcher: string): string {
  if (!launcher.startsWith('/') || /[\n\r\0]/.test(launcher))
    throw new KnownError('invalidRequest', 'The path of carryover must be absolute and on one line.');
  // GLib looks for the program before it undoes the doubling that the specification asks for, and finds none.
  if (launcher.includes('%'))
    throw new KnownError('invalidRequest', `No desktop starts a program with % in its path. Move it: ${launcher}`);
  const argument = launcher.replace(/["`$\\]/g, (sign) => `\\${sign}`).replaceAll('\\', '\\\\');
  return `"${argument}"`;
}
