/**
 * Settings that an organization has once: who may join PCs (as Graph has it), and how people may sign in (ours).
 *
 * Source: Graph beta, /policies/deviceRegistrationPolicy (GET, PUT); docs/decisions/2026-11-25-device-code-switch.md.
 */

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Type } from 'typebox';
import { changeBy } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { ROLES } from '../directory/roles.ts';
import { type Access, callerOf } from '../http/caller.ts';
import { deviceCodeAllowedIn, joiningOf } from './policies.ts';
import {
  DEVICE_REGISTRATION_ID,
  DeviceRegistrationBody,
  deviceRegistrationPolicy,
  type Joining,
  joiningFrom,
} from './registration.ts';
import { putPolicy, SIGN_IN_SETTINGS_ID } from './store.ts';

export interface TenantPolicyRoutes {
  readonly store: Store;
  readonly publicUrl: string;
  readonly now: () => Temporal.Instant;
}

const REGISTRARS = [ROLES.globalAdministrator, ROLES.cloudDeviceAdministrator, ROLES.intuneAdministrator];
const READ_REGISTRATION: Access = {
  resource: 'graph',
  scopes: ['Policy.Read.DeviceConfiguration', 'Policy.ReadWrite.DeviceConfiguration'],
  roles: [...REGISTRARS, ROLES.globalReader],
};
const WRITE_REGISTRATION: Access = {
  resource: 'graph',
  scopes: ['Policy.ReadWrite.DeviceConfiguration'],
  roles: REGISTRARS,
};
const READ_SIGN_IN: Access = {
  resource: 'graph',
  scopes: ['Policy.Read.All', 'Policy.ReadWrite.AuthenticationFlows'],
  roles: [ROLES.globalAdministrator, ROLES.conditionalAccessAdministrator, ROLES.globalReader],
};
const WRITE_SIGN_IN: Access = {
  resource: 'graph',
  scopes: ['Policy.ReadWrite.AuthenticationFlows'],
  roles: [ROLES.globalAdministrator, ROLES.conditionalAccessAdministrator],
};

const SignInSettings = Type.Object(
  {
    deviceCodeAllowed: Type.Boolean({
      description: 'May people sign in for backups with a code on another device. Never for restore or enrollment.',
    }),
  },
  { additionalProperties: false },
);

export const tenantPolicyRoutes: FastifyPluginAsyncTypebox<TenantPolicyRoutes> = async (app, parts) => {
  const { store, publicUrl, now } = parts;
  const registration = '/beta/policies/deviceRegistrationPolicy';
  const signIn = '/beta/carryover/signInSettings';

  app.get(registration, { config: { access: READ_REGISTRATION } }, async (request) =>
    registrationEntity(await joiningOf(store, callerOf(request).tenantId)),
  );

  /** Counts for PCs that enroll from now on: how a PC joined is decided once. */
  app.put(
    registration,
    { schema: { body: DeviceRegistrationBody }, config: { access: WRITE_REGISTRATION } },
    async (request) => {
      const joining = joiningFrom(request.body);
      await store.write(putPolicy, changeBy(callerOf(request), now()), {
        id: DEVICE_REGISTRATION_ID,
        kind: 'deviceRegistrationPolicy',
        name: 'Device Registration Policy',
        body: { joining },
      });
      return registrationEntity(joining);
    },
  );

  app.get(signIn, { config: { access: READ_SIGN_IN } }, async (request) =>
    signInEntity(await deviceCodeAllowedIn(store, callerOf(request).tenantId)),
  );

  app.patch(signIn, { schema: { body: SignInSettings }, config: { access: WRITE_SIGN_IN } }, async (request) => {
    const { deviceCodeAllowed } = request.body;
    await store.write(putPolicy, changeBy(callerOf(request), now()), {
      id: SIGN_IN_SETTINGS_ID,
      kind: 'signInSettings',
      name: 'Sign-in settings',
      body: { deviceCodeAllowed },
    });
    return signInEntity(deviceCodeAllowed);
  });

  function registrationEntity(joining: Joining): object {
    const context = `${publicUrl}/beta/$metadata#policies/deviceRegistrationPolicy/$entity`;
    return { '@odata.context': context, ...deviceRegistrationPolicy(joining) };
  }

  function signInEntity(deviceCodeAllowed: boolean): object {
    return { '@odata.context': `${publicUrl}/beta/$metadata#carryover/signInSettings/$entity`, deviceCodeAllowed };
  }
};
