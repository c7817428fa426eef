/**
 * Fills the disk that a SQLite store lies on, makes room, and says as JSON what happened.
 *
 *   node fill-disk.ts FOLDER [--pages]
 *
 * A ballast file is what makes room when it is removed. With --pages the limit is SQLite's own instead of a disk's.
 */

import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { KnownError } from '@carryover/model/errors';
import { openStore } from '../src/db/store.ts';
import { addLarge, addProof, setPageLimit } from './sample-commands.ts';

const [folder = '', limit] = process.argv.slice(2);
const [file, ballast] = [join(folder, 'data.db'), join(folder, 'ballast')];
const store = await openStore({
  databaseUrl: `sqlite:${file}`,
  commands: new URL('./sample-commands.ts', import.meta.url),
});
const MEGABYTE = 1024 * 1024;
writeFileSync(ballast, new Uint8Array(3 * MEGABYTE));
if (limit === '--pages') await store.write(setPageLimit, 1000);

let acknowledged = 0;
let code = '';
// Several at once, so that a group meets the end of the disk.
while (code === '') {
  const group = Array.from({ length: 8 }, (_, at) => store.write(addLarge, `${acknowledged}-${at}-`, 60_000));
  for (const result of await Promise.allSettled(group)) {
    if (result.status === 'fulfilled') acknowledged += 1;
    else code = result.reason instanceof KnownError ? result.reason.code : String(result.reason);
  }
}

rmSync(ballast);
if (limit === '--pages') await store.write(setPageLimit, 2000);
const afterwards = await store.write(addProof, 'after', 'again', 1);
await store.close();

const db = new DatabaseSync(file);
const kept = db.prepare("select count(*) as kept from proofs where jkt = 'large'").get()?.['kept'];
const integrity = db.prepare('pragma integrity_check').get()?.['integrity_check'];
process.stdout.write(JSON.stringify({ acknowledged, code, kept, afterwards, integrity }));
