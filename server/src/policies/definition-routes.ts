/** The settings catalog over HTTP: definitions and their categories, the same for every organization (definitions.ts). */

import { KnownError } from '@carryover/model/errors';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Pages } from '../http/page.ts';
import { type Definition, settingCategories, settingDefinitions } from './definitions.ts';
import { READ_POLICIES } from './document-routes.ts';

export interface DefinitionRoutes {
  readonly pages: Pages;
  readonly publicUrl: string;
}

interface Collection {
  readonly path: string;
  /** Name of the parameter in its addresses. */
  readonly id: 'definitionId' | 'categoryId';
  readonly all: () => readonly Definition[];
}

const COLLECTIONS: readonly Collection[] = [
  { path: 'deviceManagement/configurationSettings', id: 'definitionId', all: settingDefinitions },
  { path: 'deviceManagement/configurationCategories', id: 'categoryId', all: settingCategories },
];

const Id = Type.String({ minLength: 1, maxLength: 500 });

export const definitionRoutes: FastifyPluginAsyncTypebox<DefinitionRoutes> = async (app, { pages, publicUrl }) => {
  for (const { path, id: parameter, all } of COLLECTIONS) {
    const definitions = all();
    app.get(`/beta/${path}`, { config: { access: READ_POLICIES, queryOptions: ['$skiptoken'] } }, async (request) => {
      const page = pages.pageFrom(request);
      const start = page.after === undefined ? 0 : definitions.findIndex(({ id }) => id === page.after) + 1;
      return pages.collection(request, page, {
        items: definitions.slice(start, start + page.top + 1),
        keyOf: ({ id }) => id,
        toValue: (definition) => definition,
        context: path,
      });
    });

    app.get(
      `/beta/${path}/:${parameter}`,
      { schema: { params: Type.Object({ [parameter]: Id }) }, config: { access: READ_POLICIES } },
      async (request) => {
        const wanted = String(request.params[parameter]).toLowerCase();
        const found = definitions.find(({ id }) => id === wanted);
        if (found === undefined) throw new KnownError('itemNotFound', 'There is no such definition.');
        return { '@odata.context': `${publicUrl}/beta/$metadata#${path}/$entity`, ...found };
      },
    );
  }
};
