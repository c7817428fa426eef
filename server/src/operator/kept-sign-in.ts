/** The administrator's sign-in between two commands: one file that only they may read. */

import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KnownError } from '@carryover/model/errors';
import { type Static, Type } from 'typebox';
import { Value } from 'typebox/value';

const KeptSignIn = Type.Object({
  /** Origin of the service. */
  serviceUrl: Type.String(),
  tenantId: Type.String(),
  /** SHA-256 of the public key of the service's authority, hex, when the link told it; goes into enrollment links. */
  pin: Type.Optional(Type.String()),
  userPrincipalName: Type.String(),
  accessToken: Type.String(),
  /** Milliseconds since the epoch. */
  expiresAt: Type.Number(),
  refreshToken: Type.Optional(Type.String()),
});
export type KeptSignIn = Readonly<Static<typeof KeptSignIn>>;

/** Errors: unauthenticated (inner "signedOut") when nobody is signed in here. */
export async function readSignIn(file: string): Promise<KeptSignIn> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
    if (Value.Check(KeptSignIn, kept)) return kept;
  } catch (error) {
    if (!(error instanceof SyntaxError) && (error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  throw new KnownError('unauthenticated', 'You are not signed in. Run: carryover admin sign-in LINK', {
    inner: 'signedOut',
  });
}

/** Never half written, never readable by others. */
export async function keepSignIn(file: string, signIn: KeptSignIn): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const next = `${file}.${process.pid}.new`;
  await writeFile(next, `${JSON.stringify(signIn)}\n`, { mode: 0o600 });
  await chmod(next, 0o600);
  await rename(next, file);
}

export async function forgetSignIn(file: string): Promise<void> {
  await rm(file, { force: true });
}
