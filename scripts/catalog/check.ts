/**
 * Everything that judges a catalog, in one list of faults with file and line.
 *
 * In this order, each step only when the one before found nothing: the YAML, the schema, the rules, the compiled file.
 */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogFrom, catalogText } from './compile.ts';
import { type CatalogFile, type Fault, readCatalogFiles } from './files.ts';
import { ruleFaults } from './rules.ts';
import { schemaFaults } from './schema.ts';

/** The faults of the catalog in `folder`, by file and line; empty when it is good. */
export function catalogFaults(folder: string): Fault[] {
  return faultsOf(readCatalogFiles(folder), join(folder, 'catalog.json'));
}

/** The faults of a catalog that is read already; `compiled` is the path of its catalog.json. */
export function faultsOf(files: readonly CatalogFile[], compiled: string): Fault[] {
  const steps = [
    () => files.flatMap(({ faults }) => faults),
    () => files.flatMap(schemaFaults),
    () => ruleFaults(files),
    () => staleFaults(compiled, catalogText(catalogFrom(files))),
  ];
  for (const step of steps) {
    const faults = step();
    if (faults.length > 0)
      return faults.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
  }
  return [];
}

function staleFaults(path: string, text: string): Fault[] {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return [];
  return [{ file: path, line: 1, message: 'stale: run node scripts/compile-catalog.ts' }];
}
