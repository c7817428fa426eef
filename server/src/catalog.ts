/** The catalog as the service needs it, read once at start: which category a payload type belongs to, and the gates. */

import { readFileSync } from 'node:fs';
import type { Catalog } from '@carryover/model/setting';

/** Errors: the system's own when the repository is not whole. */
export function readCatalog(): Catalog {
  return JSON.parse(readFileSync(new URL('../../catalog/catalog.json', import.meta.url), 'utf8')) as Catalog;
}
