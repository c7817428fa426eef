/**
 * References to a person or device as Graph's clients send them: an address that ends with its id.
 *
 * Source: Graph, "@odata.id" of POST members/$ref; OData 4.01 JSON Format 4.5.8.
 */

import { KnownError } from '@carryover/model/errors';
import { Type } from 'typebox';

export const Reference = Type.Object(
  { '@odata.id': Type.String({ maxLength: 1000, description: '…/directoryObjects/{id}' }) },
  { additionalProperties: false },
);

const REFERENCE =
  /(?:^|\/)(?:directoryObjects|users|devices)(?:\/|\(')([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:'\))?$/i;

/** The id that an address ends with; which origin it names does not matter. Errors: invalidRequest that names `property`. */
export function referenced(address: string, property: string): string {
  const [, id] = REFERENCE.exec(address) ?? [];
  if (id === undefined)
    throw new KnownError(
      'invalidRequest',
      `${property} must end with directoryObjects/{id}, users/{id} or devices/{id}, the id as it is listed.`,
      { inner: 'reference' },
    );
  return id.toLowerCase();
}
