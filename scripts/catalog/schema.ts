/**
 * Judges a file of the catalog by catalog/schema.json and says what is wrong in words, with the line.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { CatalogFile, Fault, FileKind } from './files.ts';

const SCHEMA = JSON.parse(readFileSync(join(import.meta.dirname, '../../catalog/schema.json'), 'utf8')) as {
  readonly $defs: Readonly<Record<string, unknown>>;
};
// Strict rules of ajv that would ask a definition to repeat what the definition around it says.
const ajv = new Ajv2020({ allErrors: true, verbose: true, strictRequired: false, strictTypes: false });
ajv.addSchema({ $id: 'catalog', $defs: SCHEMA.$defs });

/** The faults of one file; one a line, because a wrong value often fails several keywords at once. */
export function schemaFaults(file: CatalogFile): Fault[] {
  const validate = validatorOf(file.kind);
  if (validate(file.data)) return [];
  const faults = (validate.errors ?? []).flatMap((error) => {
    const message = messageOf(error);
    return message === undefined ? [] : [{ file: file.path, line: file.lineOf(pathOf(error)), message }];
  });
  return [...new Map(faults.toReversed().map((fault) => [fault.line, fault])).values()];
}

function validatorOf(kind: FileKind) {
  const validate = ajv.getSchema(`catalog#/$defs/${kind}`);
  if (validate === undefined) throw new Error(`catalog/schema.json has no definition "${kind}".`);
  return validate;
}

/** "/settings/3/title" -> ["settings", 3, "title"], and the member itself where it is one too many. */
function pathOf({ instancePath, keyword, params }: ErrorObject): (string | number)[] {
  const path = instancePath
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
  return keyword === 'additionalProperties' ? [...path, String(params['additionalProperty'])] : path;
}

/** undefined for what only repeats another error. */
function messageOf({ instancePath, schemaPath, keyword, params, data, message }: ErrorObject): string | undefined {
  if (keyword === 'if' || schemaPath.includes('/anyOf/')) return undefined;
  if (keyword === 'anyOf') return 'needs a place: linux or windows';
  const name = instancePath.split('/').findLast((part) => part !== '' && !/^\d+$/.test(part)) ?? 'the file';
  if (keyword === 'required' && instancePath.endsWith('/title'))
    return params['missingProperty'] === 'de' ? 'German title missing ("de")' : 'English title missing ("en")';
  if (keyword === 'required') return `"${params['missingProperty']}" missing in ${name}`;
  if (keyword === 'additionalProperties') return `unknown "${params['additionalProperty']}" in ${name}`;
  if (keyword === 'enum')
    return `unknown ${name} ${JSON.stringify(data)}; one of ${(params['allowedValues'] as unknown[]).join(', ')}`;
  return `${name} ${JSON.stringify(data)?.slice(0, 80)} ${message}`;
}
