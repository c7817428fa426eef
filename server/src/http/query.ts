/**
 * Query options of Graph addresses: one that is not supported is refused with a sentence, never ignored.
 *
 * A script that asks for the ten newest and gets everything, or filters and gets the others too, would act on what it
 * did not ask for. `$select` alone is passed over where it is not understood: more properties than asked for harm nobody.
 *
 * Source: OData 4.01 URL conventions, section 5; docs/decisions/2026-11-25-query-options-refused.md.
 */

import { KnownError } from '@carryover/model/errors';
import type { FastifyInstance, FastifyRequest } from 'fastify';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Query options beside $select that this address understands; those of its querystring schema need not be named. */
    queryOptions?: readonly string[];
  }
}

const EVERYWHERE = '$select';
const GRAPH = /^\/(v1\.0|beta)\//;

/** Errors: invalidRequest (inner "queryOption") that names what is allowed at the address. */
export function refuseUnknownOptions(app: FastifyInstance): void {
  app.addHook('preValidation', async (request) => {
    if (!GRAPH.test(request.url)) return;
    const allowed = optionsOf(request);
    const unknown = Object.keys(request.query as object).find(
      (name) => name.startsWith('$') && !allowed.includes(name),
    );
    if (unknown === undefined) return;
    const paged = allowed.includes('$skiptoken');
    throw new KnownError(
      'invalidRequest',
      `${unknown} is not supported here. What is: ${allowed.join(', ')}${paged ? '; the size of a page by the header "Prefer: odata.maxpagesize=50"' : ''}.`,
      { inner: 'queryOption', details: { option: unknown, allowed } },
    );
  });
}

function optionsOf({ routeOptions }: FastifyRequest): string[] {
  const described = routeOptions.schema?.querystring as { readonly properties?: object } | undefined;
  const own = [...Object.keys(described?.properties ?? {}), ...(routeOptions.config.queryOptions ?? [])];
  return [...new Set([...own, EVERYWHERE])].toSorted();
}
