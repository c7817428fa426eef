/** What this program wrote down for its next run, in its state folder, and can find out again. */

import type { System } from './system.ts';

/** Undefined for none, and for one that is damaged: it is found out again. */
export async function noteIn<Note>(system: System, file: string): Promise<Note | undefined> {
  const content = await system.readFile(file).catch(() => undefined);
  try {
    return content === undefined ? undefined : (JSON.parse(new TextDecoder().decode(content)) as Note);
  } catch {
    return undefined;
  }
}
