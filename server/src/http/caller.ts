/**
 * Who is asking: made once per request from its token (and proof), and handed to the contexts.
 *
 * A route states its rule in `config.access`; the hook in http/authenticate.ts refuses before the handler runs. The
 * matrix test reads the same rules from the route table, so a route without one does not start.
 */

import type { Resource } from '@carryover/model/wire';
import type { FastifyRequest } from 'fastify';

export interface Caller {
  readonly tenantId: string;
  readonly userId: string;
  readonly clientId: string;
  readonly resource: Resource;
  readonly scopes: readonly string[];
  /** Directory roles the person holds, by display name ("Global Administrator"). */
  readonly roles: readonly string[];
  /** Thumbprint of the key the token is bound to; device and restore resources always have one. */
  readonly jkt?: string;
  /** The device and profile registered for that key; absent before enrollment. */
  readonly deviceId?: string;
  readonly profileId?: string;
}

/**
 * What a path parameter must be: `device` the caller's own device, `profile` a profile of the person, `restoreSession`
 * one of the person's sessions. The handlers' stores look rows up by owner; this table is what the matrix is made from.
 */
export type OwnedParameter =
  | 'device'
  | 'profile'
  | 'restoreSession'
  | 'user'
  | 'policy'
  | 'customPolicy'
  | 'setting'
  | 'enrollmentToken'
  | 'managedDevice'
  | 'group'
  | 'groupMember'
  | 'roleHolder'
  | 'roleAssignment'
  | 'autopilotProfile'
  | 'autopilotAssignment'
  | 'autopilotDevice';

export type Access =
  | { readonly public: true; readonly why: string }
  | {
      readonly resource: Resource;
      /** One of these scopes. */
      readonly scopes: readonly string[];
      /** One of these roles; none named means any person. */
      readonly roles?: readonly string[];
      /** Which path parameters name something that belongs to a person or tenant. */
      readonly owned?: Readonly<Record<string, OwnedParameter>>;
    };

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access;
  }
  interface FastifyRequest {
    /** Undefined on public routes only. */
    caller?: Caller;
  }
}

/** The caller of a route that is not public; the hook has made sure that there is one. */
export function callerOf(request: FastifyRequest): Caller {
  if (request.caller === undefined) throw new Error(`${request.url} has no caller: its route must not be public.`);
  return request.caller;
}
