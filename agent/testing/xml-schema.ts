/**
 * Files for Windows against an XML Schema of agent/testing/schemas, by libxml2's xmllint.
 *
 * Nothing is fetched: a schema includes only what lies beside it.
 */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const SCHEMAS = join(import.meta.dirname, 'schemas');

/** As xmllint ends: all is well, or the file is not as the schema says. Anything else is a schema or file it cannot read. */
const [VALID, INVALID] = [0, 3];

export type Schema = 'admx' | 'adml' | 'task';

/** What is wrong with `xml`, each with its line; empty: nothing. Errors: Error when it is no XML at all, or xmllint is missing. */
export function schemaFaults(schema: Schema, xml: string | Uint8Array): string[] {
  const path = join(SCHEMAS, `${schema}.xsd`);
  const { status, stderr, error } = spawnSync('xmllint', ['--noout', '--nonet', '--schema', path, '-'], {
    input: xml,
    encoding: 'utf8',
  });
  if (error !== undefined) throw new Error('xmllint is of the Debian package libxml2-utils.', { cause: error });
  if (status === VALID) return [];
  if (status !== INVALID) throw new Error(`xmllint could not judge by ${schema}.xsd:\n${stderr}`);
  return stderr.split('\n').filter((line) => line.includes('Schemas validity error'));
}
