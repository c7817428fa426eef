/**
 * DPoP proofs already used: kept until they would be too old anyway.
 *
 * Source: RFC 9449, section 11.1.
 */

import { command, run } from '../db/command.ts';
import { prepared } from '../db/prepared.ts';

/** False when the proof was seen before. */
export const rememberProof = command('rememberProof', function* (jkt: string, jti: string, expiresAt: number) {
  const { changed } = yield* run(addProof({ jkt, jti, expiresAt }));
  return changed === 1;
});

const addProof = prepared((db, proof: { jkt: string; jti: string; expiresAt: number }) =>
  db
    .insertInto('proofs')
    .values({ jkt: proof.jkt, jti: proof.jti, expires_at: proof.expiresAt })
    .onConflict((conflict) => conflict.columns(['jkt', 'jti']).doNothing()),
);

/** Forgets proofs that are too old to be accepted. */
export const sweepProofs = command('sweepProofs', function* (now: number) {
  const { changed } = yield* run((db) => db.deleteFrom('proofs').where('expires_at', '<', now));
  return changed;
});
