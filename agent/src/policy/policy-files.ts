/**
 * Policy files: /etc/carryover/policy.d/*.json, read in the order of their names.
 *
 * Only what root alone can write counts, the folder as well as the file: a file that a person could change would be that
 * person's decision, not the organization's. Whatever is not read is told with its reason.
 */

import type { LocalFindings } from '@carryover/model/policy-file';
import type { Reason } from '@carryover/model/reasons';
import type { FileFacts, System } from '../system/system.ts';
import type { LocalSource, PolicyPlaces } from './local-source.ts';
import { distrust } from './trust.ts';

/** More than anybody writes by hand, and few enough for every check-in. */
const MAX_FILES = 100;

export function policyFiles(system: System, places: PolicyPlaces): LocalSource {
  return {
    async mark() {
      const found = await lookInto(system, places);
      if ('problem' in found || found.paths.length === 0) return '';
      const files = await Promise.all(found.paths.map((path) => system.facts(path).catch(() => undefined)));
      return [found.folder, ...files].map((facts) => facts?.fingerprint ?? 'gone').join('\n');
    },

    async read() {
      const found = await lookInto(system, places);
      if ('problem' in found) return found.problem === undefined ? NOTHING : ignored(found.problem);
      if (found.paths.length === 0) return NOTHING;
      const untrusted = distrust(places.folder, found.folder, places);
      if (untrusted !== undefined) return ignored(untrusted);
      const read: LocalFindings[] = [];
      for (const [index, path] of found.paths.entries())
        read.push(index < MAX_FILES ? await readOne(system, places, path) : ignored(tooMany(path)));
      return {
        documents: read.flatMap(({ documents }) => documents),
        problems: read.flatMap(({ problems }) => problems),
      };
    },
  };
}

const NOTHING: LocalFindings = { documents: [], problems: [] };

/** The folder's files, or why there are none to be had; undefined: there is no folder. */
type Looked =
  | { readonly folder: FileFacts; readonly paths: readonly string[] }
  | { readonly problem: Reason | undefined };

/**
 * Paths in the order of names. A file that begins with a dot is an editor's own. A folder that the person may not look
 * into is no empty one: whoever wrote the files would wait for them in vain.
 */
async function lookInto(system: System, { folder }: PolicyPlaces): Promise<Looked> {
  try {
    const facts = await system.facts(folder);
    if (facts === undefined) return { problem: undefined };
    if (facts.kind !== 'directory') return { problem: folderUnreadable(folder, facts.kind) };
    const names = (await system.list(folder)).filter((name) => name.endsWith('.json') && !name.startsWith('.'));
    return { folder: facts, paths: names.map((name) => `${folder}/${name}`) };
  } catch (error) {
    return { problem: folderUnreadable(folder, codeOf(error)) };
  }
}

async function readOne(system: System, places: PolicyPlaces, path: string): Promise<LocalFindings> {
  const { MAX_POLICY_FILE_BYTES, policyFileFrom } = await import('@carryover/model/policy-file');
  try {
    const facts = await system.facts(path);
    // Gone since the folder was looked into.
    if (facts === undefined) return NOTHING;
    if (facts.kind !== 'file') return ignored(unreadable(path, facts.kind));
    const untrusted = distrust(path, facts, places);
    if (untrusted !== undefined) return ignored(untrusted);
    if (facts.bytes > MAX_POLICY_FILE_BYTES) {
      const sizes = { bytes: String(facts.bytes), limit: String(MAX_POLICY_FILE_BYTES) };
      return ignored({ code: 'policyFileTooLarge', facts: { file: path, ...sizes } });
    }
    const content = await system.readFile(path);
    return content === undefined ? NOTHING : policyFileFrom(path, textFrom(content));
  } catch (error) {
    return ignored(unreadable(path, error instanceof TypeError ? 'UTF-8' : codeOf(error)));
  }
}

function ignored(problem: Reason): LocalFindings {
  return { documents: [], problems: [problem] };
}

function unreadable(file: string, detail: string): Reason {
  return { code: 'policyFileUnreadable', facts: { file, detail } };
}

function folderUnreadable(folder: string, detail: string): Reason {
  return { code: 'policyFolderUnreadable', facts: { folder, detail } };
}

function tooMany(file: string): Reason {
  return { code: 'policyFilesTooMany', facts: { file, limit: String(MAX_FILES) } };
}

/** Errors: TypeError for what is not UTF-8. */
function textFrom(content: Uint8Array): string {
  return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
}

/** "EACCES", as the system names it. */
function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
