/** Commands for tests of the database itself, on the table of proofs: it has no owner and no meaning of its own here. */

import { KnownError } from '@carryover/model/errors';
import { CompiledQuery } from 'kysely';
import { type AnyCommand, command, run, runAll } from '../src/db/command.ts';
import { prepared } from '../src/db/prepared.ts';

const insertProof = prepared((db, { jkt, jti, expires_at }: { jkt: string; jti: string; expires_at: number }) =>
  db.insertInto('proofs').values({ jkt, jti, expires_at }),
);

export const addProof = command('addProof', function* (jkt: string, jti: string, expiresAt: number) {
  yield* run(insertProof({ jkt, jti, expires_at: expiresAt }));
  return jti;
});

export const addTwoThenRefuse = command('addTwoThenRefuse', function* (jkt: string) {
  yield* runAll([insertProof({ jkt, jti: 'one', expires_at: 1 }), insertProof({ jkt, jti: 'two', expires_at: 1 })]);
  throw new KnownError('conflict', 'Refused.', { inner: 'sample', details: { head: { seq: 3 } } });
});

/** Fills the disk: `bytes` of text that does not compress away on SQLite. */
export const addLarge = command('addLarge', function* (jti: string, bytes: number) {
  yield* run(insertProof({ jkt: 'large', jti: jti + 'x'.repeat(bytes), expires_at: 1 }));
});

/** Makes the disk end early, in pages of 4 kB. SQLite only. */
export const setPageLimit = command('setPageLimit', function* (pages: number) {
  yield* run(() => CompiledQuery.raw(`pragma max_page_count = ${pages}`));
});

export const COMMANDS: readonly AnyCommand[] = [addProof, addTwoThenRefuse, addLarge, setPageLimit];
