/**
 * The audit log as Graph has it (auditEvent of Intune), and whether its chain is unbroken.
 *
 * Source: Graph v1.0 deviceManagement/auditEvents.
 */

import type { Json } from '@carryover/model/canonical';
import { KnownError } from '@carryover/model/errors';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import type { Store } from '../db/command.ts';
import { type Access, callerOf } from '../http/caller.ts';
import { filterFrom } from '../http/filter.ts';
import type { Pages } from '../http/page.ts';
import { type AuditEntry, type AuditLine, listAudit, verifyChain } from './audit.ts';

export interface AuditRoutes {
  readonly store: Store;
  readonly pages: Pages;
}

const READ: Access = {
  resource: 'graph',
  scopes: ['DeviceManagementApps.Read.All', 'AuditLog.Read.All'],
  // By name: the directory, which knows them, writes to this log and stands above it.
  roles: ['Global Administrator', 'Intune Administrator', 'Global Reader'],
};
const Query = Type.Object({ $skiptoken: Type.Optional(Type.String()), $filter: Type.Optional(Type.String()) });

export const auditRoutes: FastifyPluginAsyncTypebox<AuditRoutes> = async (app, { store, pages }) => {
  /** Newest first. */
  for (const version of ['v1.0', 'beta'])
    app.get(
      `/${version}/deviceManagement/auditEvents`,
      { schema: { querystring: Query }, config: { access: READ } },
      async (request) => {
        const page = pages.pageFrom(request);
        const target = targetFrom(request.query.$filter);
        const items = await listAudit(store, callerOf(request).tenantId, {
          top: page.top + 1,
          ...(page.after === undefined ? {} : { before: Number(page.after) }),
          ...(target === undefined ? {} : { target }),
        });
        return pages.collection(request, page, {
          items,
          keyOf: ({ seq }) => String(seq),
          toValue: toAuditEvent,
          context: 'deviceManagement/auditEvents',
        });
      },
    );

  /** { entries, brokenAt? }: brokenAt is the number of the first event that does not follow from the one before. */
  app.get('/beta/carryover/auditChain', { config: { access: READ } }, async (request) =>
    verifyChain(store, callerOf(request).tenantId),
  );
};

/** Ours: Graph's filter by time has no word for one thing's history. Errors: invalidRequest (inner filter). */
function targetFrom(filter: string | undefined): AuditEntry['target'] | undefined {
  const { resourceType, resourceId } = filterFrom(filter, ['resourceType', 'resourceId']);
  if (resourceType === undefined && resourceId === undefined) return undefined;
  if (resourceType !== undefined && resourceId !== undefined) return { type: resourceType, id: resourceId };
  throw new KnownError('invalidRequest', "$filter here is: resourceType eq '…' and resourceId eq '…', both.", {
    inner: 'filter',
  });
}

function toAuditEvent(line: AuditLine): object {
  const actor = JSON.parse(line.actor) as AuditEntry['actor'];
  const target = JSON.parse(line.target) as AuditEntry['target'];
  const values = JSON.parse(line.values_json) as AuditEntry['values'];
  const [verb = ''] = line.action.split(' ', 1);
  return {
    id: String(line.seq),
    displayName: line.action,
    activity: line.action,
    activityType: line.action,
    activityDateTime: Temporal.Instant.fromEpochMilliseconds(line.at).toString(),
    activityOperationType: OPERATIONS[verb] ?? 'Action',
    activityResult: line.result === 'success' ? 'Success' : 'Failure',
    category: 'Carryover',
    componentName: target.type,
    correlationId: null,
    actor: {
      auditActorType: ACTORS[actor.kind],
      userId: actor.userId ?? null,
      applicationId: actor.clientId ?? null,
    },
    resources: [
      {
        auditResourceType: target.type,
        resourceId: target.id,
        modifiedProperties: Object.entries(values).map(([name, value]) => ({
          displayName: name,
          oldValue: text(value.old),
          newValue: text(value.new),
        })),
      },
    ],
  };
}

const OPERATIONS: Readonly<Record<string, string>> = { create: 'Create', update: 'Patch', delete: 'Delete' };
const ACTORS: Readonly<Record<AuditEntry['actor']['kind'], string>> = {
  person: 'ItPro',
  application: 'Application',
  operator: 'System',
};

/** Graph's oldValue and newValue are strings or null. */
function text(value: Json | undefined): string | null {
  if (value === undefined) return null;
  return typeof value === 'string' ? value : JSON.stringify(value);
}
