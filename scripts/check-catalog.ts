/**
 * Judges the catalog: prints file:line: message for each fault and exits 1 when there is one.
 *
 * Usage: node scripts/check-catalog.ts [FOLDER]
 */

import { join, relative } from 'node:path';
import { catalogFaults } from './catalog/check.ts';

const faults = catalogFaults(process.argv[2] ?? join(import.meta.dirname, '..', 'catalog'));

for (const { file, line, message } of faults) console.error(`${relative(process.cwd(), file)}:${line}: ${message}`);
if (faults.length > 0) process.exitCode = 1;
