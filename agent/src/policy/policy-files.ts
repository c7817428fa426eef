/**
 * Policy files: /etc/carryover/policy.d/*.json, read in the order of their names.
 *
 * Only what root alone can write counts, the folder as well as the file: a file that a person could change would be that
 * person's decision, not the organization's. Whatever is not read is told with its reason.
 */

import type { LocalFindings } from '@carryover/model/policy-file';
import type { Reason } from '@carryover/model/reasons';
import type { System } from '../system/system.ts';
import type { LocalSource, PolicyPlaces } from './local-source.ts';
import { distrust } from './trust.ts';

/** More than anybody writes by hand, and few enough for every check-in. */
const MAX_FILES = 100;

export function policyFiles(system: System, places: PolicyPlaces): LocalSource {
  return {
    async mark() {
      const folder = await system.facts(places.folder);
      const files = await Promise.all((await pathsIn(system, places)).map((path) => system.facts(path)));
      if (files.length === 0) return '';
      return [folder, ...files].map((facts) => facts?.fingerprint ?? 'gone').join('\n');
    },

    async read() {
      const paths = await pathsIn(system, places);
      if (paths.length === 0) return { documents: [], problems: [] };
      const folder = await system.facts(places.folder);
      const untrusted = folder === undefined ? undefined : distrust(places.folder, folder, places);
      if (untrusted !== undefined) return { documents: [], problems: [untrusted] };
      const found: LocalFindings[] = [];
      for (const [index, path] of paths.entries())
        found.push(index < MAX_FILES ? await readOne(system, places, path) : ignored(tooMany(path)));
      return {
        documents: found.flatMap(({ documents }) => documents),
        problems: found.flatMap(({ problems }) => problems),
      };
    },
  };
}

/** In the order of names. A file that begins with a dot is an editor's own. */
async function pathsIn(system: System, { folder }: PolicyPlaces): Promise<string[]> {
  const names = await system.list(folder).catch(() => []);
  return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).map((name) => `${folder}/${name}`);
}

async function readOne(system: System, places: PolicyPlaces, path: string): Promise<LocalFindings> {
  const { MAX_POLICY_FILE_BYTES, policyFileFrom } = await import('@carryover/model/policy-file');
  const facts = await system.facts(path);
  if (facts === undefined) return { documents: [], problems: [] };
  if (facts.kind !== 'file') return ignored(unreadable(path, facts.kind));
  const untrusted = distrust(path, facts, places);
  if (untrusted !== undefined) return ignored(untrusted);
  if (facts.bytes > MAX_POLICY_FILE_BYTES) {
    const sizes = { bytes: String(facts.bytes), limit: String(MAX_POLICY_FILE_BYTES) };
    return ignored({ code: 'policyFileTooLarge', facts: { file: path, ...sizes } });
  }
  try {
    const content = await system.readFile(path);
    return content === undefined ? { documents: [], problems: [] } : policyFileFrom(path, textFrom(content));
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
