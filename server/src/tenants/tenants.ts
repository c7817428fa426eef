/**
 * Organizations: founding one with a set-up code, finding one, and the version of its policy.
 *
 * The door of this context. A set-up code is shown once by whoever runs the service, works once and for an hour.
 */

import { hash, randomBytes } from 'node:crypto';
import { KnownError } from '@carryover/model/errors';
import { type Place, placeReasons, type Served } from '@carryover/model/place';
import { freshSalt } from '../audit/audit.ts';
import type { Store } from '../db/command.ts';
import { newUserFrom } from '../directory/directory.ts';
import { ROLES } from '../directory/roles.ts';
import {
  addSetupCode,
  countTenants,
  findTenantIdByDomain,
  findTenantRow,
  foundTenant,
  listTenantIds,
  skipFirstRun,
  type Tenant,
} from './store.ts';

export { skipFirstRun, type Tenant };

const SETUP_CODE_LIFETIME = Temporal.Duration.from({ hours: 1 });

export interface Founding {
  readonly code: string;
  readonly organization: string;
  readonly userPrincipalName: string;
  readonly displayName: string;
  readonly password: string;
  /** Where its data belongs. Unsaid: this deployment's cloud, and the first region it serves. */
  readonly cloud?: string;
  readonly region?: string;
}

export interface Founded {
  readonly tenantId: string;
  readonly userId: string;
}

/** A code that founds one organization. Only its digest is stored. */
export async function createSetupCode(store: Store, now: Temporal.Instant): Promise<string> {
  const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
  const code = [...randomBytes(20)].map((byte) => letters[byte % letters.length]).join('');
  await store.write(addSetupCode, digestOf(code), now.add(SETUP_CODE_LIFETIME).epochMilliseconds);
  return code.replace(/(.{5})(?=.)/g, '$1-');
}

/**
 * Makes an organization and its first person, who becomes Global Administrator.
 *
 * Errors: accessDenied (setupCode) when the code is wrong, used or expired; invalidRequest (name, password, wrongRegion).
 */
export async function found(
  store: Store,
  founding: Founding,
  { served, now }: { readonly served: Served; readonly now: Temporal.Instant },
): Promise<Founded> {
  const name = founding.organization.trim();
  if (name === '' || name.length > 256)
    throw new KnownError('invalidRequest', 'The name of an organization has 1 to 256 characters.', {
      inner: 'organization',
    });
  const place = placeOf(founding, served);
  const user = await newUserFrom({ ...founding, roles: [ROLES.globalAdministrator] });
  const [tenantId, userId] = [crypto.randomUUID(), crypto.randomUUID()];
  const tenant = { tenantId, name, place };
  // Whoever holds the code acts for the service's operator: there is nobody yet who could have signed in.
  const change = { tenantId, at: now.epochMilliseconds, actor: { kind: 'operator' }, salt: freshSalt() } as const;
  await store.write(foundTenant, change, digestOf(founding.code), tenant, { userId, user });
  return { tenantId, userId };
}

function placeOf({ cloud, region }: Founding, served: Served): Place {
  const place = { cloud: cloud ?? served.cloud, region: region ?? served.regions[0] ?? '' };
  if (placeReasons(place, served).length === 0) return place;
  throw new KnownError(
    'invalidRequest',
    `This service serves the cloud "${served.cloud}" and the regions ${served.regions.join(', ')}, not "${place.cloud}" and "${place.region}". Use the service of that region, or leave cloud and region out.`,
    { inner: 'wrongRegion', details: { allowed: { cloud: [served.cloud], region: served.regions } } },
  );
}

/** Nobody has an organization here yet. */
export async function isEmpty(store: Store): Promise<boolean> {
  return (await countTenants(store)) === 0;
}

export function findTenant(store: Store, tenantId: string): Promise<Tenant | undefined> {
  return findTenantRow(store, tenantId);
}

/** Errors: itemNotFound. */
export async function getTenant(store: Store, tenantId: string): Promise<Tenant> {
  const tenant = await findTenantRow(store, tenantId);
  if (tenant === undefined) throw new KnownError('itemNotFound', 'There is no such organization.');
  return tenant;
}

/** Case, spaces and dashes of a typed code do not matter. */
function digestOf(code: string): string {
  return hash('sha256', `setup code\n${code.toUpperCase().replace(/[\s-]/g, '')}`, 'hex');
}

/**
 * The organization that people of a domain sign in to; the only one there is, whatever the domain.
 *
 * Says nothing of any account. Errors: itemNotFound (inner noOrganization, organizationUnknown).
 */
export async function getTenantToSignInTo(store: Store, domain: string | undefined): Promise<Tenant> {
  const [only, another] = await listTenantIds(store, 2);
  if (only === undefined)
    throw new KnownError('itemNotFound', 'There is no organization here yet. Set one up first.', {
      inner: 'noOrganization',
    });
  const tenantId = another === undefined ? only : domain && (await findTenantIdByDomain(store, domain));
  if (tenantId === undefined || tenantId === '')
    throw new KnownError('itemNotFound', 'No organization here has this domain. Check the part behind the @.', {
      inner: 'organizationUnknown',
    });
  return getTenant(store, tenantId);
}
