/**
 * The deployment key: opens everything, so it never lies beside what it opens.
 *
 * A door: whoever holds the key wraps and unwraps with it. Here it is a file outside the data folder; a hardware module
 * or a key service can follow behind the same interface. It is written only once the operator has confirmed a recovery
 * copy, because without the key every backup is lost.
 *
 * Shape of file and copy: 64 hex digits and a checksum of 4, in groups of 4.
 */

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { mkdir, open as openFile } from 'node:fs/promises';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { KnownError } from '@carryover/model/errors';
import { openBytes, sealBytes } from './sealing.ts';

export interface DeploymentKey {
  /** Tells keys apart without saying anything about them. */
  readonly keyId: string;
  wrap(key: Uint8Array, additional: string): Promise<Uint8Array>;
  /** Errors: dataDamaged. */
  unwrap(wrapped: Uint8Array, additional: string): Promise<Uint8Array>;
}

export interface KeyFile {
  readonly file: string;
  /** Where the databases are: the key may not be in there. */
  readonly dataFolder: string;
  /** Nothing is stored yet, so that a new key may be made. */
  readonly fresh: boolean;
  /** Shows the recovery copy and says whether the operator has kept it. */
  readonly confirm: (recoveryCopy: string) => Promise<boolean>;
}

/**
 * Reads the key from its file; makes it when nothing is stored yet and the copy is confirmed.
 *
 * Errors: deploymentKeyWrong when the file is in the data folder, open to others, not a key, or missing while there is
 * data that needs it.
 */
export async function deploymentKeyFromFile({ file, dataFolder, fresh, confirm }: KeyFile): Promise<DeploymentKey> {
  if (isInside(file, dataFolder))
    throw wrong(`The deployment key may not be in the data folder. Choose another place than ${file}.`);
  if (existsSync(file)) return readKeyFile(file);
  if (!fresh)
    throw wrong(
      `The deployment key is missing: put it back to ${file} from its recovery copy. Without it nothing opens.`,
    );
  const key = new Uint8Array(randomBytes(KEY_BYTES));
  const copy = recoveryCopyOf(key);
  if (!(await confirm(copy)))
    throw wrong('The service starts once you have a recovery copy of the deployment key. Nothing was written.');
  await writeKeyFile(file, copy);
  return localKey(key);
}

/** Errors: deploymentKeyWrong when the text is not a recovery copy. */
export function deploymentKeyFrom(recoveryCopy: string): DeploymentKey {
  const digits = recoveryCopy.replace(/[\s-]/g, '').toLowerCase();
  const key = Buffer.from(digits.slice(0, 2 * KEY_BYTES), 'hex');
  if (!/^[0-9a-f]{68}$/.test(digits) || checksumOf(key) !== digits.slice(2 * KEY_BYTES))
    throw wrong('This is not a deployment key: a character is wrong or missing. Compare it with your recovery copy.');
  return localKey(new Uint8Array(key));
}

/** Asks at a terminal: shows the copy once and has its last group typed back. */
export async function confirmAtTerminal(copy: string, input: Readable, output: Writable): Promise<boolean> {
  const terminal = createInterface({ input, output });
  output.write(
    `\nDeployment key. Keep a copy away from this machine; without it every backup is lost.\n\n  ${copy}\n\n`,
  );
  const typed = await terminal.question('Type the last group of your copy: ');
  terminal.close();
  return typed.trim().toLowerCase() === copy.split('-').at(-1);
}

const KEY_BYTES = 32;

function recoveryCopyOf(key: Uint8Array): string {
  const digits = Buffer.from(key).toString('hex') + checksumOf(key);
  return (digits.match(/.{4}/g) ?? []).join('-');
}

function checksumOf(key: Uint8Array): string {
  return createHash('sha256').update('carryover deployment key checksum').update(key).digest('hex').slice(0, 4);
}

function localKey(key: Uint8Array): DeploymentKey {
  const keyId = createHash('sha256').update('carryover deployment key id').update(key).digest('hex').slice(0, 16);
  return {
    keyId,
    wrap: async (plain, additional) => sealBytes(key, additional, plain),
    unwrap: async (wrapped, additional) => openBytes(key, additional, wrapped),
  };
}

function readKeyFile(file: string): DeploymentKey {
  const OTHERS = 0o077;
  if ((statSync(file).mode & OTHERS) !== 0) throw wrong(`Others can read the deployment key. Run: chmod 600 ${file}`);
  return deploymentKeyFrom(readFileSync(file, 'utf8'));
}

/** On disk, with its name, before anything is sealed with it. */
async function writeKeyFile(file: string, copy: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const written = await openFile(file, 'wx', 0o600);
  try {
    await written.writeFile(`${copy}\n`);
    await written.sync();
  } finally {
    await written.close();
  }
  const folder = await openFile(dirname(file), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isInside(file: string, folder: string): boolean {
  const path = relative(resolve(folder), resolve(file));
  return path === '' || !(path.startsWith('..') || isAbsolute(path));
}

function wrong(message: string): KnownError {
  return new KnownError('deploymentKeyWrong', message);
}
