/** The choice of a restore and what came of it (model/wire.ts). The choice is on record before anything is applied. */

import { randomUUID } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import type { Reason } from '@carryover/model/reasons';
import { ITEM_STATUSES, PART_KINDS } from '@carryover/model/report';
import { RESTORE_OCCASIONS, type RestoreOccasion } from '@carryover/model/restore-occasion';
import { CATEGORIES } from '@carryover/model/setting';
import { type RestoreSession, SCOPES } from '@carryover/model/wire';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { type Access, type Caller, callerOf } from '../http/caller.ts';
import type { Storage } from '../snapshots/snapshots.ts';
import type { Standing } from '../standing/standing.ts';
import { putReport, setUpAsNew, startRestore } from './restores.ts';

export interface RestoreRoutes {
  readonly storage: Storage;
  /** Refuses a device that may not restore on this occasion; on any when none is named. */
  readonly restoringStandingOf: (caller: Caller, occasion: RestoreOccasion | undefined) => Promise<Standing>;
  readonly now: () => Temporal.Instant;
}

const MAX_ITEMS = 5000;
const access: Access = { resource: 'restore', scopes: [SCOPES.restore], owned: { deviceId: 'device' } };
const Names = Type.Array(Type.String({ minLength: 1, maxLength: 400 }), { maxItems: MAX_ITEMS });

const Choice = Type.Object({
  profileId: Type.String({ maxLength: 64 }),
  seq: Type.Integer({ minimum: 1 }),
  only: Names,
  skip: Names,
  occasion: Type.Optional(Type.Enum([...RESTORE_OCCASIONS])),
});

const Report = Type.Object({
  items: Type.Array(
    Type.Object({
      id: Type.String({ minLength: 1, maxLength: 400 }),
      kind: Type.Enum([...PART_KINDS]),
      category: Type.Enum([...CATEGORIES]),
      status: Type.Enum([...ITEM_STATUSES]),
      reason: Type.Optional(
        Type.Object({
          code: Type.String({ maxLength: 100 }),
          facts: Type.Optional(Type.Record(Type.String({ maxLength: 100 }), Type.String({ maxLength: 1000 }))),
        }),
      ),
    }),
    { maxItems: MAX_ITEMS },
  ),
  durationMs: Type.Number({ minimum: 0 }),
  finished: Type.Boolean(),
  undone: Type.Boolean(),
  sinceSignInMs: Type.Optional(Type.Number({ minimum: 0 })),
});

export const restoreRoutes: FastifyPluginAsyncTypebox<RestoreRoutes> = async (
  app,
  { storage, restoringStandingOf, now },
) => {
  app.post(
    '/device/v1/devices/:deviceId/restore-sessions',
    { schema: { params: Type.Object({ deviceId: Type.String() }), body: Choice }, config: { access } },
    async (request, reply): Promise<RestoreSession> => {
      const caller = callerOf(request);
      const { occasion, ...choice } = request.body;
      await restoringStandingOf(caller, occasion);
      const sessionId = randomUUID();
      const { deviceId } = request.params;
      await startRestore(storage, caller, { sessionId, deviceId, choice, now: now() });
      reply.code(201);
      return { sessionId };
    },
  );

  /** Not a matter of eligibility: whoever may not restore may still say that nothing is to come over. */
  app.put(
    '/device/v1/devices/:deviceId/setup-choice',
    {
      schema: {
        params: Type.Object({ deviceId: Type.String({ maxLength: 64 }) }),
        body: Type.Object({ kind: Type.Literal('new') }),
      },
      config: { access: { resource: 'backup', scopes: [SCOPES.backup], owned: { deviceId: 'device' } } },
    },
    async (request, reply) => {
      const { deviceId } = request.params;
      await setUpAsNew(storage, callerOf(request), { sessionId: randomUUID(), deviceId, now: now() });
      return await reply.code(204).send();
    },
  );

  /** Safe to repeat; taken also when restore was switched off since: what happened, happened. */
  app.put(
    '/device/v1/restore-sessions/:sessionId/report',
    {
      schema: { params: Type.Object({ sessionId: Type.String({ maxLength: 64 }) }), body: Report },
      config: { access: { ...access, owned: { sessionId: 'restoreSession' } } },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      if (caller.deviceId === undefined) throw new KnownError('accessDenied', 'This device is not enrolled.');
      const { items, ...rest } = request.body;
      // A newer agent's reason is kept as it came: only its code and (sealed) its facts are stored, never words.
      const report = {
        ...rest,
        items: items.map(({ reason, ...item }) => ({
          ...item,
          ...(reason === undefined ? {} : { reason: reason as Reason }),
        })),
      };
      await putReport(storage, caller, {
        sessionId: request.params.sessionId,
        deviceId: caller.deviceId,
        report,
        now: now(),
      });
      return await reply.code(204).send();
    },
  );
};
