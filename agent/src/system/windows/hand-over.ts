/**
 * The hand-over folders on Windows, below Carryover's folder of %ProgramData%, where everybody may make folders: what
 * lies there counts only when it belongs to an administrator, and is looked at through the opened handle, so that nobody
 * can put something else in its place meanwhile.
 *
 * Source: Microsoft's pages of CreateFileW, CreateDirectoryW, GetFileInformationByHandle, GetKernelObjectSecurity,
 * SetKernelObjectSecurity, SECURITY_DESCRIPTOR (self-relative), the security descriptor string format; winnt.h (numbers).
 */

import { open, readdir, rename, rm, stat, unlink } from 'node:fs/promises';
import { KnownError } from '@carryover/model/errors';
import type { HandOver, TakenRequest } from '../hand-over.ts';
import { isSecurityId } from '../security-id.ts';
import { type Handle, openFiles } from './file-handles.ts';
import type { Koffi } from './koffi.ts';

const [SYSTEM, ADMINISTRATORS] = ['S-1-5-18', 'S-1-5-32-544'];

/** An administrator's; system and administrators may everything; what others may follows. "P": nothing comes from above. */
const OURS = 'O:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)';
/** Carryover's own folder: everybody reads. */
const FOR_READING = `${OURS}(A;OICI;0x1200a9;;;BU)`;
/**
 * Requests: who is signed in may add a file (2), go through (20) and look at the folder itself (80, read its list of
 * access 20000, wait 100000), and may read, write and remove what they made; may not list, nor add folders.
 */
const FOR_REQUESTS = `${OURS}(A;;0x1200a2;;;AU)(A;OIIO;0x1301bf;;;CO)`;
/** Answers: who is signed in may go through and look at the folder itself. */
const FOR_ANSWERS = `${OURS}(A;;0x1200a0;;;AU)`;
/** An answer: the person may read and remove it. */
const forPerson = (person: string) => `D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;0x130089;;;${person})`;

export interface HandOverOptions {
  /** Carryover's folder of %ProgramData%, with slashes. */
  readonly systemFolder: string;
  /** The account that this program runs as. */
  self(): Promise<string | undefined>;
}

export function windowsHandOver(koffi: Koffi, { systemFolder, self }: HandOverOptions): HandOver {
  const files = openFiles(koffi);
  const own = `${systemFolder}/elevated`;
  const [requests, answers] = [`${own}/requests`, `${own}/answers`];
  const folders = [
    [systemFolder, FOR_READING],
    [own, FOR_READING],
    [requests, FOR_REQUESTS],
    [answers, FOR_ANSWERS],
  ] as const;

  /** Who may have made the folders: administrators, the system, and for whoever makes them just now the account itself. */
  const owners = async () => [SYSTEM, ADMINISTRATORS, await self()];

  async function isOurs(handle: Handle): Promise<boolean> {
    const { kind } = files.facts(handle);
    return kind === 'folder' && (await owners()).includes(files.owner(handle));
  }

  return {
    async isThere() {
      for (const [folder] of folders) {
        const handle = files.openFolder(folder, 'looking');
        if (handle === undefined) return false;
        try {
          if (!(await isOurs(handle))) return false;
        } catch {
          return false;
        } finally {
          files.close(handle);
        }
      }
      return true;
    },
    async make() {
      for (const [folder, access] of folders) {
        const made = files.makeFolder(folder, access);
        if (made === 'refused') throw needsAdministrator(folder);
        const handle = files.openFolder(folder, 'securing');
        if (handle === undefined) throw needsAdministrator(folder);
        try {
          if (!(await isOurs(handle))) throw belongsToOthers(folder);
          files.secure(handle, access);
        } finally {
          files.close(handle);
        }
      }
    },
    remove: () => asAdministrator(own, () => rm(own, { recursive: true, force: true })),

    async put(name, content) {
      const file = await open(`${requests}/${plain(name)}`, 'wx');
      try {
        await file.writeFile(content);
      } finally {
        await file.close();
      }
    },
    withdraw: (name) => removed(`${requests}/${plain(name)}`),
    async answer(name) {
      // Renamed into its place as a whole; until then there is none.
      const file = await open(`${answers}/${plain(name)}`, 'r').catch(absent);
      if (file === undefined) return undefined;
      try {
        return await file.readFile();
      } finally {
        await file.close();
      }
    },
    async removeAnswer(name) {
      await removed(`${answers}/${plain(name)}`);
    },

    waiting: () => asAdministrator(requests, async () => (await readdir(requests)).toSorted()),
    async take(name, maxBytes): Promise<TakenRequest | undefined> {
      const handle = files.openToTake(`${requests}/${plain(name)}`);
      if (handle === undefined) return undefined;
      try {
        const { kind, bytes, names, changedAt } = files.facts(handle);
        const owner = files.owner(handle);
        const fits = kind === 'file' && bytes <= maxBytes;
        const content = fits ? files.read(handle, bytes) : undefined;
        return { kind: kind === 'folder' ? 'other' : kind, owner, names, changedAt, content };
      } finally {
        // What was opened to be taken goes with its handle.
        files.close(handle);
      }
    },
    async reply(name, content, person) {
      if (!isSecurityId(person)) throw new Error(`Not a person: ${person}`);
      const path = `${answers}/${plain(name)}`;
      files.create(`${path}.new`, Buffer.from(content), forPerson(person));
      await rename(`${path}.new`, path);
    },
    async forgetAnswers(before) {
      for (const name of await readdir(answers)) {
        const found = await stat(`${answers}/${name}`).catch(absent);
        if (found !== undefined && found.mtimeMs < before.epochMilliseconds) await removed(`${answers}/${name}`);
      }
    },
  };
}

/** A name of ours: no separator, no stream, nothing that climbs. */
function plain(name: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9.-]{0,199}$/.test(name) && !name.includes('..')) return name;
  throw new Error(`Not a name of a request: ${name}`);
}

async function removed(path: string): Promise<boolean> {
  try {
    await unlink(path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

function absent(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function asAdministrator<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!['EACCES', 'EPERM'].includes((cause as NodeJS.ErrnoException).code ?? '')) throw cause;
    throw needsAdministrator(path, cause);
  }
}

function needsAdministrator(path: string, cause?: unknown): KnownError {
  return new KnownError('notAllowed', `Only an administrator may change ${path}. Run this as administrator.`, {
    inner: 'needsAdministrator',
    cause,
  });
}

function belongsToOthers(path: string): KnownError {
  return new KnownError(
    'conflict',
    `${path} is a link, or belongs to somebody who is no administrator. Look into it, remove it and run this again.`,
  );
}
