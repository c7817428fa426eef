/** Commands for tests of the database itself, on the table of proofs: it has no owner and no meaning of its own here. */

import { KnownError } from '@carryover/model/errors';
import { type AnyCommand, command, firstOf, run, runAll } from '../src/db/command.ts';
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

/** Reads, then writes one more than it read: two at once must not read the same. */
export const countUp = command('countUp', function* (jkt: string) {
  const row = yield* firstOf((db) => db.selectFrom('proofs').select('expires_at').where('jkt', '=', jkt));
  const next = (row?.expires_at ?? 0) + 1;
  yield* run((db) => db.updateTable('proofs').set({ expires_at: next }).where('jkt', '=', jkt));
  return next;
});

/** Fills the disk: `bytes` of text that does not compress away on SQLite. */
export const addLarge = command('addLarge', function* (jti: string, bytes: number) {
  yield* run(insertProof({ jkt: 'large', jti: jti + 'x'.repeat(bytes), expires_at: 1 }));
});

export const removeLarge = command('removeLarge', function* () {
  const { changed } = yield* run((db) => db.deleteFrom('proofs').where('jkt', '=', 'large'));
  return changed;
});

export const COMMANDS: readonly AnyCommand[] = [addProof, addTwoThenRefuse, countUp, addLarge, removeLarge];
