/**
 * A process that writes until it is killed and says on stdout, one line each, what was acknowledged.
 *
 *   node write-until-killed.ts DATABASE_URL PREFIX [COUNT]
 *
 * Says "open" first. With a count it ends by itself after so many.
 */

import { openStore } from '../src/db/store.ts';
import { addProof } from './sample-commands.ts';

const [databaseUrl = '', prefix = '', count = 'Infinity'] = process.argv.slice(2);
const store = await openStore({ databaseUrl, commands: new URL('./sample-commands.ts', import.meta.url) });
await say('open');

/** In flight together, so that the kill meets groups and not single commands. */
const IN_FLIGHT = 16;
let next = 0;

async function writeOn(): Promise<void> {
  while (next < Number(count)) {
    next += 1;
    const name = `${prefix}-${next}`;
    await store.write(addProof, prefix, name, 1);
    await say(name);
  }
}

/** Waits until the line is out: the reader may be slower than we are. */
function say(line: string): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${line}\n`, () => resolve()));
}

await Promise.all(Array.from({ length: IN_FLIGHT }, writeOn));
await store.close();
