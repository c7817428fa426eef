/**
 * Who may join devices, and the tokens that join one.
 *
 * Source: Graph beta, deviceRegistrationPolicy; enrollment tokens are ours.
 */

import type { SignInPlace } from '@carryover/model/admin';
import type { Graph } from '../../shared/graph.ts';

const REGISTRATION = '/beta/policies/deviceRegistrationPolicy';
const TOKENS = '/beta/carryover/enrollmentTokens';
const EVERYBODY_JOINS = '#microsoft.graph.allDeviceRegistrationMembership';
const NOBODY_JOINS = '#microsoft.graph.noDeviceRegistrationMembership';

export interface Registration {
  readonly azureADJoin: { readonly allowedToJoin: { readonly '@odata.type': string } };
}

/** Errors, of every function: as shared/graph.ts. */
export function readRegistration(graph: Graph, signal: AbortSignal): Promise<Registration> {
  return graph.get(REGISTRATION, { signal });
}

export function mayAllJoin({ azureADJoin }: Registration): boolean {
  return azureADJoin.allowedToJoin['@odata.type'] === EVERYBODY_JOINS;
}

/** Sends the whole policy back, as Graph's PUT wants it. */
export async function saveJoining(graph: Graph, read: Registration, all: boolean): Promise<void> {
  const allowedToJoin = { '@odata.type': all ? EVERYBODY_JOINS : NOBODY_JOINS };
  await graph.send('PUT', REGISTRATION, { body: { ...read, azureADJoin: { ...read.azureADJoin, allowedToJoin } } });
}

export interface EnrollmentToken {
  readonly id: string;
  /** How many are left. */
  readonly uses: number;
  readonly createdDateTime: string;
  readonly expirationDateTime: string;
}

export function listTokens(graph: Graph, signal: AbortSignal): Promise<readonly EnrollmentToken[]> {
  return graph.all(TOKENS, { signal });
}

export interface MadeToken {
  readonly command: string;
  readonly uses: number;
  readonly expirationDateTime: string;
}

/** Errors: invalidRequest for numbers out of range. */
export async function createToken(
  graph: Graph,
  asked: { readonly expiresInHours: number; readonly uses: number; readonly autopilotProfileId?: string },
): Promise<MadeToken> {
  const link = await enrollmentLink(graph);
  const { token, uses, expirationDateTime } = await graph.send<EnrollmentToken & { token: string }>('POST', TOKENS, {
    body: asked,
  });
  return { command: enrollCommand(link, token), uses, expirationDateTime };
}

export async function revokeToken(graph: Graph, id: string): Promise<void> {
  await graph.send('DELETE', `${TOKENS}/${encodeURIComponent(id)}`);
}

/** What stands after the number sign never travels to any server by itself; in quotes, because a shell reads "&". */
export function enrollCommand(link: string, token: string): string {
  const [address, facts = ''] = link.split('#');
  return `carryover enroll '${address}#${new URLSearchParams([['token', token], ...new URLSearchParams(facts)])}'`;
}

/** The organization's link, found by the domain of whoever is signed in. */
async function enrollmentLink(graph: Graph): Promise<string> {
  const { userPrincipalName } = await graph.get<{ userPrincipalName: string }>('/v1.0/me');
  const domain = userPrincipalName.slice(userPrincipalName.indexOf('@') + 1);
  return (await graph.get<SignInPlace>('/admin/organization', { query: { domain } })).enrollmentLink;
}
