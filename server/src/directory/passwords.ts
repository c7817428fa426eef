/**
 * Passwords: hashed with Argon2id, a few at a time, so that many sign-ins at once cannot use up memory.
 *
 * Source: OWASP Password Storage (19 MiB, 2 passes, 1 lane); NIST SP 800-63B (length before composition, Unicode
 * normalised); docs/decisions/2026-11-25-runtime-dependencies.md.
 */

import { KnownError } from '@carryover/model/errors';
import { hash, verify } from '@node-rs/argon2';

export const MIN_PASSWORD_CHARACTERS = 12;
const MAX_PASSWORD_CHARACTERS = 256;

/** For passwords that a person chose. */
const PARAMETERS = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/**
 * For one-time passwords of 100 random bits, made here: nobody guesses one however fast each guess is, and thousands are
 * hashed in one import. Source: docs/decisions/2026-11-25-people-by-csv.md.
 */
const ONE_TIME_PARAMETERS = { memoryCost: 64, timeCost: 1, parallelism: 1 };
const IS_ONE_TIME = /\bm=64,/;

/** 19 MiB each, and a core each. */
const MAX_AT_ONCE = 2;
const MAX_WAITING = 200;

/** Errors: invalidRequest when it is too short, too long or the name itself; tooManyRequests. */
export async function hashPassword(password: string, userPrincipalName: string): Promise<string> {
  const characters = [...password].length;
  if (characters < MIN_PASSWORD_CHARACTERS || characters > MAX_PASSWORD_CHARACTERS)
    throw new KnownError(
      'invalidRequest',
      `A password has ${MIN_PASSWORD_CHARACTERS} to ${MAX_PASSWORD_CHARACTERS} characters.`,
      { inner: 'passwordLength' },
    );
  const [name = ''] = userPrincipalName.toLowerCase().split('@');
  if (password.toLowerCase() === userPrincipalName.toLowerCase() || password.toLowerCase() === name)
    throw new KnownError('invalidRequest', 'A password must not be the name.', { inner: 'passwordIsName' });
  return inTurn(() => hash(password.normalize('NFKC'), PARAMETERS));
}

/** `password` must be of temporaryPassword (model/admin.ts) and changed at the first sign-in. */
export function hashOneTimePassword(password: string): Promise<string> {
  return hash(password.normalize('NFKC'), ONE_TIME_PARAMETERS);
}

/**
 * Takes as long when there is nothing to compare with, so that the time does not tell whether an account exists.
 *
 * Errors: tooManyRequests.
 */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  if (password.length > 4 * MAX_PASSWORD_CHARACTERS) return false;
  return inTurn(async () => {
    const slow = passwordHash === null || IS_ONE_TIME.test(passwordHash) ? await unguessable() : passwordHash;
    const valid = await verify(slow, password.normalize('NFKC'));
    if (passwordHash === null || slow === passwordHash) return valid && passwordHash !== null;
    return verify(passwordHash, password.normalize('NFKC'));
  });
}

let nothing: Promise<string> | undefined;

function unguessable(): Promise<string> {
  nothing ??= hash(crypto.randomUUID(), PARAMETERS);
  return nothing;
}

let running = 0;
const waiting: (() => void)[] = [];

async function inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= MAX_AT_ONCE) {
    if (waiting.length >= MAX_WAITING)
      throw new KnownError('tooManyRequests', 'Too many people sign in right now. Try again in a minute.');
    await new Promise<void>((resolve) => {
      waiting.push(resolve);
    });
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}
