/**
 * Graph's deviceRegistrationPolicy: who of an organization may join a PC to it by signing in.
 *
 * Only `azureADJoin.allowedToJoin` can be chosen here, and only all or nobody until groups come. The other members say
 * what is true of this service; whoever sends one with another value is refused rather than ignored.
 *
 * Source: Graph beta, deviceRegistrationPolicy and deviceRegistrationMembership.
 */

import { isDeepStrictEqual } from 'node:util';
import { KnownError } from '@carryover/model/errors';
import { type Static, Type } from 'typebox';

const ALL = '#microsoft.graph.allDeviceRegistrationMembership';
const NOBODY = '#microsoft.graph.noDeviceRegistrationMembership';

/** Who may join: everybody unless the organization said nobody. */
export type Joining = 'all' | 'none';

export const DEVICE_REGISTRATION_ID = 'deviceRegistrationPolicy';

const Membership = Type.Object({ '@odata.type': Type.String({ maxLength: 200 }) });

export const DeviceRegistrationBody = Type.Object({
  azureADJoin: Type.Object(
    { isAdminConfigurable: Type.Optional(Type.Literal(true)), allowedToJoin: Membership },
    { additionalProperties: false },
  ),
});

/** As Graph shows it. */
export function deviceRegistrationPolicy(joining: Joining) {
  return {
    id: DEVICE_REGISTRATION_ID,
    displayName: 'Device Registration Policy',
    description: 'Who may join PCs to the organization.',
    userDeviceQuota: 2_147_483_647,
    multiFactorAuthConfiguration: 'notRequired',
    azureADRegistration: { isAdminConfigurable: false, allowedToRegister: { '@odata.type': ALL } },
    azureADJoin: {
      isAdminConfigurable: true,
      allowedToJoin: { '@odata.type': joining === 'all' ? ALL : NOBODY },
    },
    localAdminPassword: { isEnabled: false },
  };
}

/** What a PUT chooses. Errors: invalidRequest that names the member that cannot be chosen here. */
export function joiningFrom(body: Static<typeof DeviceRegistrationBody>): Joining {
  const joining = membershipFrom(body.azureADJoin.allowedToJoin['@odata.type']);
  const whole: Readonly<Record<string, unknown>> = deviceRegistrationPolicy(joining);
  for (const [name, value] of Object.entries(body)) {
    if (name === 'azureADJoin' || name.startsWith('@odata.') || isDeepStrictEqual(value, whole[name])) continue;
    throw new KnownError('invalidRequest', `"${name}" cannot be changed here; only azureADJoin.allowedToJoin can.`, {
      inner: 'notSupported',
      details: { property: `body.${name}` },
    });
  }
  return joining;
}

function membershipFrom(type: string): Joining {
  if (type === ALL) return 'all';
  if (type === NOBODY) return 'none';
  throw new KnownError(
    'invalidRequest',
    `allowedToJoin is everybody (${ALL}) or nobody (${NOBODY}); groups and persons come later.`,
    { inner: 'notSupported', details: { property: 'body.azureADJoin.allowedToJoin', allowed: [ALL, NOBODY] } },
  );
}
