/**
 * A value of a backup that is looked at with care before it is written: taken apart, held against the schema, with this
 * device's home folder in it, and not leading to another computer.
 *
 * Pure.
 */

import { bad, type Obstacle, refused } from './dconf-decision.ts';
import { expanded } from './dconf-raw.ts';
import { type GVariant, GVariantError, stringsOf } from './gvariant.ts';
import { gvariantText } from './gvariant-print.ts';
import { valueForKey } from './gvariant-rule.ts';
import type { KeyRule } from './schema-xml.ts';

/** The text to write for a key, with its type; or why none is. */
export function textForKey(
  text: string,
  rule: KeyRule,
  { home, mayBeRemote }: { readonly home: string; readonly mayBeRemote: boolean },
): { readonly text: string } | { readonly refused: Obstacle } {
  try {
    const value = expanded(valueForKey(text, rule), text, home);
    const remote = mayBeRemote ? undefined : remoteIn(value, text);
    if (remote !== undefined)
      return { refused: refused('skipped', { code: 'remoteLocation', facts: { uri: remote } }) };
    return { text: gvariantText(value) };
  } catch (error) {
    if (error instanceof GVariantError) return { refused: bad(error.message) };
    throw error;
  }
}

function remoteIn(value: GVariant, text: string): string | undefined {
  return /[/\\]/.test(text) ? stringsOf(value).find(isOnAnotherComputer) : undefined;
}

/** Shares that a desktop would mount, and Windows' own way to name one: looking there gives the person's sign-in away. */
function isOnAnotherComputer(text: string): boolean {
  return (
    /^(?:smb|cifs|nfs|afp|sftp|ssh|ftps?|davs?|file):\/\/(?!\/|localhost\/)./i.test(text) ||
    /^(?:\\\\|\/\/)[^\\/]/.test(text)
  );
}
