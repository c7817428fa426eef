/** Checks that an error is the KnownError a caller is to act on. */

import assert from 'node:assert/strict';
import { type ErrorCode, KnownError } from '@carryover/model/errors';

/** For assert.rejects: the code, the inner code when given, and words that the sentence must hold. */
export function refusedWith(code: ErrorCode, inner?: string, words?: RegExp) {
  return (error: unknown): true => {
    assert.ok(error instanceof KnownError, `${error}`);
    assert.equal(error.code, code, error.message);
    if (inner !== undefined) assert.equal(error.inner, inner, error.message);
    if (words !== undefined) assert.match(error.message, words);
    return true;
  };
}
