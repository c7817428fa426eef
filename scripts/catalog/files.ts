/**
 * The files of the catalog as a person wrote them: their data, and on which line each part of it stands.
 *
 * Nothing is judged here but the YAML itself.
 */

import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { LineCounter, parseDocument } from 'yaml';

/** Files that are no settings area, by name, with their definition in catalog/schema.json. */
const OTHER_KINDS: Readonly<Record<string, FileKind>> = {
  'deny.yaml': 'denyFile',
  'guards.yaml': 'guardsFile',
  'builds.yaml': 'buildsFile',
  'applications.yaml': 'applicationsFile',
  'windows-rows.yaml': 'windowsRowsFile',
};

export type FileKind = 'areaFile' | 'denyFile' | 'guardsFile' | 'buildsFile' | 'applicationsFile' | 'windowsRowsFile';
export type DataPath = readonly (string | number)[];

export interface CatalogFile {
  readonly path: string;
  readonly kind: FileKind;
  readonly data: unknown;
  /** The line of a part of the data, or of the nearest part around it that exists. */
  readonly lineOf: (at: DataPath) => number;
  /** What the YAML parser objects to. */
  readonly faults: readonly Fault[];
}

export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly message: string;
}

/** Files beside the areas that the catalog has none of, by name. */
export function missingFiles(files: readonly CatalogFile[]): string[] {
  const kinds = new Set(files.map(({ kind }) => kind));
  return Object.entries(OTHER_KINDS).flatMap(([name, kind]) => (kinds.has(kind) ? [] : [name]));
}

/** Every *.yaml directly in the folder, by name, so that the result does not depend on the disk. */
export function readCatalogFiles(folder: string): CatalogFile[] {
  return globSync('*.yaml', { cwd: folder })
    .toSorted()
    .map((name) => catalogFileFrom(join(folder, name), readFileSync(join(folder, name), 'utf8')));
}

/** A file of the catalog by its text; its name says of what kind it is. */
export function catalogFileFrom(path: string, text: string): CatalogFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const lineAt = (offset: number) => lineCounter.linePos(offset).line;
  const lineOf = (at: DataPath): number => {
    const node = document.getIn(at, true);
    const range = typeof node === 'object' && node !== null && 'range' in node ? (node.range as number[] | null) : null;
    if (range?.[0] !== undefined) return lineAt(range[0]);
    return at.length === 0 ? 1 : lineOf(at.slice(0, -1));
  };
  return {
    path,
    kind: OTHER_KINDS[basename(path)] ?? 'areaFile',
    data: document.errors.length === 0 ? document.toJS() : undefined,
    lineOf,
    faults: document.errors.map(({ pos, message }) => ({
      file: path,
      line: lineAt(pos[0]),
      message: message.split('\n', 1)[0] ?? message,
    })),
  };
}
