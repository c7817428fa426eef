/** The door of the mechanisms: all that serve this platform's places, and how values read in words. */

import type { System } from '../system/system.ts';
import { dconf } from './dconf.ts';
import { file } from './file.ts';
import { GVariantError, wordsOfValue } from './gvariant.ts';
import { gvariantFrom } from './gvariant-parse.ts';
import type { Mechanism } from './mechanism.ts';

const LINUX_MECHANISMS: readonly Mechanism[] = [file, dconf];

/** The mechanisms of the platform that `system` is; what serves the other one is not loaded. */
export async function mechanismsOf({ registry }: Pick<System, 'registry'>): Promise<readonly Mechanism[]> {
  return registry === undefined ? LINUX_MECHANISMS : (await import('./windows-mechanisms.ts')).WINDOWS_MECHANISMS;
}

/** A GVariant text as mechanisms say it of what is there now; a text that is none stays as it is. */
export function wordsOfText(text: string): string {
  try {
    return wordsOfValue(gvariantFrom(text));
  } catch (error) {
    if (error instanceof GVariantError) return text;
    throw error;
  }
}
