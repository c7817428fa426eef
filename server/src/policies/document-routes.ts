/**
 * Policies as documents of Graph: settings catalog policies and custom policies, read, written, assigned.
 *
 * The two differ in their shape and their address; everything else is one. A document decides something only once it is
 * assigned. What it holds that is not known here is kept, and named in `carryover.unknownSettings` of every answer.
 *
 * Source: graph-api.md 4 and 5; Graph, deviceManagementConfigurationPolicy (beta) and windows10CustomConfiguration.
 */

import { randomUUID } from 'node:crypto';
import type { Json } from '@carryover/model/canonical';
import type { Understood } from '@carryover/model/policy-catalog';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyRequest } from 'fastify';
import { type TObject, Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { DEVICE_ADMINISTRATORS, ROLES } from '../directory/roles.ts';
import { type Access, callerOf, type OwnedParameter } from '../http/caller.ts';
import { etagOf, versionFrom } from '../http/etag.ts';
import type { Pages } from '../http/page.ts';
import {
  ConfigurationPolicyBody,
  CUSTOM_CONFIGURATION_TYPE,
  CustomConfigurationBody,
  checkedCustom,
  understoodCustom,
  understoodPolicy,
} from './documents.ts';
import {
  assignPolicy,
  deletePolicy,
  getPolicy,
  listAssignments,
  listPolicies,
  type PolicyRow,
  putPolicy,
} from './store.ts';
import { assignmentIdOf, assignmentsAnswer, targetsFrom } from './targets.ts';

export interface DocumentRoutes {
  readonly store: Store;
  readonly pages: Pages;
  readonly publicUrl: string;
  readonly now: () => Temporal.Instant;
}

export const READ_POLICIES: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementConfiguration.Read.All', 'DeviceManagementConfiguration.ReadWrite.All'],
  roles: [...DEVICE_ADMINISTRATORS, ROLES.globalReader],
};
const WRITE_POLICIES: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementConfiguration.ReadWrite.All'],
  roles: DEVICE_ADMINISTRATORS,
};
const ById = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });

/** What Intune takes: the targets, and whatever it has written into them itself. */
const AssignBody = Type.Object(
  {
    assignments: Type.Array(
      Type.Object(
        {
          '@odata.type': Type.Optional(Type.String()),
          id: Type.Optional(Type.String()),
          source: Type.Optional(Type.String()),
          sourceId: Type.Optional(Type.String()),
          intent: Type.Optional(Type.String()),
          target: Type.Object({ '@odata.type': Type.String({ maxLength: 200 }) }),
        },
        { additionalProperties: false },
      ),
      { maxItems: 500 },
    ),
  },
  { additionalProperties: false },
);

/** One kind of document: where it lives and what it looks like. */
interface Shape {
  readonly kind: 'configurationPolicy' | 'deviceConfiguration';
  readonly versions: readonly ('v1.0' | 'beta')[];
  /** Below the version. */
  readonly path: string;
  readonly body: TObject;
  readonly owned: { readonly id: OwnedParameter };
  nameOf(body: Body): string;
  understood(body: Body): Understood;
  /** Of one that is about to be stored. Errors: invalidRequest, naming the property and what is allowed. */
  checked(body: Body): Understood;
  toEntity(row: PolicyRow, body: Body): object;
}

type Body = Readonly<Record<string, Json>>;

const SHAPES: readonly Shape[] = [
  {
    kind: 'configurationPolicy',
    versions: ['beta'],
    path: 'deviceManagement/configurationPolicies',
    body: ConfigurationPolicyBody,
    owned: { id: 'policy' },
    nameOf: (body) => String(body['name']),
    understood: (body) => understoodPolicy(body as never),
    checked: (body) => understoodPolicy(body as never),
    // The settings are a navigation property, read apart.
    toEntity: (row, { settings, platforms, technologies, ...body }) => ({
      name: row.name,
      ...body,
      platforms: platforms ?? 'windows10',
      technologies: technologies ?? 'mdm',
      settingCount: (settings as readonly Json[]).length,
    }),
  },
  {
    kind: 'deviceConfiguration',
    versions: ['v1.0', 'beta'],
    path: 'deviceManagement/deviceConfigurations',
    body: CustomConfigurationBody,
    owned: { id: 'customPolicy' },
    nameOf: (body) => String(body['displayName']),
    understood: (body) => understoodCustom(body as never),
    checked: (body) => checkedCustom(body as never),
    toEntity: (row, body) => ({ ...body, '@odata.type': CUSTOM_CONFIGURATION_TYPE, version: row.version }),
  },
];

export const documentRoutes: FastifyPluginAsyncTypebox<DocumentRoutes> = async (app, parts) => {
  for (const shape of SHAPES)
    for (const version of shape.versions) registerDocuments(app, parts, { ...shape, version });
};

type App = Parameters<FastifyPluginAsyncTypebox>[0];

function registerDocuments(
  app: App,
  { store, pages, publicUrl, now }: DocumentRoutes,
  shape: Shape & { readonly version: 'v1.0' | 'beta' },
): void {
  const { kind, version, path, owned } = shape;
  const root = `/${version}/${path}`;
  const read = (request: FastifyRequest, id: string) => getPolicy(store, callerOf(request).tenantId, kind, id);
  const change = (request: FastifyRequest) => changeBy(callerOf(request), now());

  app.get(root, { config: { access: READ_POLICIES, queryOptions: ['$skiptoken'] } }, async (request) => {
    const { tenantId } = callerOf(request);
    const page = pages.pageFrom(request);
    const rows = await listPolicies(store, tenantId, kind);
    const assigned = new Set((await listAssignments(store, tenantId)).map(({ policy_id }) => policy_id));
    const start = page.after === undefined ? 0 : rows.findIndex(({ policy_id }) => policy_id === page.after) + 1;
    return pages.collection(request, page, {
      items: rows.slice(start, start + page.top + 1),
      keyOf: ({ policy_id }) => policy_id,
      toValue: (row) => entityOf(shape, row, assigned.has(row.policy_id)),
      context: path,
    });
  });

  app.post(root, { schema: { body: shape.body }, config: { access: WRITE_POLICIES } }, async (request, reply) => {
    const id = randomUUID();
    await put(request, id, request.body as Body);
    return await reply.code(201).send(await answer(request, id));
  });

  app.get(`${root}/:id`, { schema: { params: ById }, config: { access: { ...READ_POLICIES, owned } } }, (request) =>
    answer(request, request.params.id),
  );

  /** Changes what is named and keeps the rest. */
  app.patch(
    `${root}/:id`,
    { schema: { params: ById, body: Type.Partial(shape.body) }, config: { access: { ...WRITE_POLICIES, owned } } },
    async (request) => {
      const row = await read(request, request.params.id);
      // A field that is not named keeps what was read here, so it must still be so when this is stored.
      const ifVersion = versionFrom(request) ?? Number(row.version);
      await put(request, row.policy_id, { ...bodyOf(row), ...(request.body as Body) }, ifVersion);
      return await answer(request, row.policy_id);
    },
  );

  /** The whole document anew, as the portal of Intune sends it. */
  app.put(
    `${root}/:id`,
    { schema: { params: ById, body: shape.body }, config: { access: { ...WRITE_POLICIES, owned } } },
    async (request) => {
      const row = await read(request, request.params.id);
      await put(request, row.policy_id, request.body as Body, versionFrom(request));
      return await answer(request, row.policy_id);
    },
  );

  app.delete(
    `${root}/:id`,
    { schema: { params: ById }, config: { access: { ...WRITE_POLICIES, owned } } },
    async (request, reply) => {
      await read(request, request.params.id);
      await store.write(deletePolicy, change(request), request.params.id, versionFrom(request));
      return await reply.code(204).send();
    },
  );

  if (kind === 'configurationPolicy')
    app.get(
      `${root}/:id/settings`,
      { schema: { params: ById }, config: { access: { ...READ_POLICIES, owned }, queryOptions: ['$skiptoken'] } },
      async (request) => {
        const row = await read(request, request.params.id);
        const page = pages.pageFrom(request);
        const settings = (bodyOf(row)['settings'] as readonly Body[]).map((one, at) => ({ ...one, id: String(at) }));
        const start = page.after === undefined ? 0 : Number(page.after) + 1;
        return pages.collection(request, page, {
          items: settings.slice(start, start + page.top + 1),
          keyOf: ({ id }) => id,
          toValue: (setting) => setting,
          context: `${path}('${row.policy_id}')/settings`,
        });
      },
    );

  app.get(
    `${root}/:id/assignments`,
    { schema: { params: ById }, config: { access: { ...READ_POLICIES, owned } } },
    async (request) => assignments(request, (await read(request, request.params.id)).policy_id),
  );

  /** Replaces the assignments as a whole, as Intune does. Errors: invalidRequest naming the target; itemNotFound for a group. */
  app.post(
    `${root}/:id/assign`,
    { schema: { params: ById, body: AssignBody }, config: { access: { ...WRITE_POLICIES, owned } } },
    async (request) => {
      const row = await read(request, request.params.id);
      const targets = await targetsFrom(
        store,
        callerOf(request).tenantId,
        request.body.assignments.map(({ target }, at) => ({ value: target, property: `assignments[${at}].target` })),
      );
      const unique = new Map(targets.map((target) => [assignmentIdOf(row.policy_id, target), target]));
      const assigned = [...unique].map(([id, target]) => ({ id, target }));
      await store.write(assignPolicy, change(request), row.policy_id, assigned, versionFrom(request));
      return await assignments(request, row.policy_id);
    },
  );

  async function put(request: FastifyRequest, id: string, body: Body, ifVersion?: number): Promise<void> {
    shape.checked(body);
    await store.write(putPolicy, change(request), { id, kind, name: shape.nameOf(body), body, ifVersion });
  }

  async function answer(request: FastifyRequest, id: string): Promise<object> {
    const row = await read(request, id);
    const assigned = await listAssignments(store, callerOf(request).tenantId, id);
    return {
      '@odata.context': `${publicUrl}/${version}/$metadata#${path}/$entity`,
      ...entityOf(shape, row, assigned.length > 0),
    };
  }

  async function assignments(request: FastifyRequest, policyId: string): Promise<object> {
    const rows = await listAssignments(store, callerOf(request).tenantId, policyId);
    return assignmentsAnswer(pages, request, { documentId: policyId, path, rows });
  }
}

function entityOf(shape: Shape, row: PolicyRow, isAssigned: boolean): object {
  const body = bodyOf(row);
  return {
    '@odata.etag': etagOf(row.version),
    id: row.policy_id,
    description: '',
    roleScopeTagIds: ['0'],
    ...shape.toEntity(row, body),
    createdDateTime: moment(row.created_at),
    lastModifiedDateTime: moment(row.modified_at),
    isAssigned,
    carryover: { unknownSettings: shape.understood(body).unknown },
  };
}

function bodyOf(row: PolicyRow): Body {
  return JSON.parse(row.body) as Body;
}

function moment(milliseconds: number): string {
  return Temporal.Instant.fromEpochMilliseconds(milliseconds).toString();
}
