/**
 * Who may ask for tokens, and for what: the clients and resources that every organization has from the first day.
 *
 * Clients on a device prove a key with every token (DPoP). Microsoft's command line and the admin center send plain
 * bearer tokens, so their refresh tokens change with every use instead.
 *
 * Source: model/wire.ts; RFC 8252 (native apps: loopback address, any port), RFC 8707, RFC 9449.
 */

import { ADMIN_CENTER_SCOPES } from '@carryover/model/admin';
import { CLIENTS, RESOURCES, type Resource, SCOPES } from '@carryover/model/wire';
import type { ClientMetadata } from 'oidc-provider';
import { grantTypesOf } from './device-code.ts';

/** Scopes of our Graph that a token may carry; what they open is decided by each route together with the person's roles. */
export const GRAPH_SCOPES = [
  'User.Read',
  'User.Read.All',
  'User.ReadWrite.All',
  'UserAuthenticationMethod.ReadWrite.All',
  'UserWindowsSettings.Read',
  'UserWindowsSettings.Read.All',
  'UserWindowsSettings.ReadWrite.All',
  'DeviceManagementConfiguration.Read.All',
  'DeviceManagementConfiguration.ReadWrite.All',
  'DeviceManagementServiceConfig.Read.All',
  'DeviceManagementServiceConfig.ReadWrite.All',
  'DeviceManagementApps.Read.All',
  'DeviceManagementManagedDevices.Read.All',
  'DeviceManagementManagedDevices.ReadWrite.All',
  'DeviceManagementManagedDevices.PrivilegedOperations.All',
  'Device.Read.All',
  'Directory.Read.All',
  'Group.Read.All',
  'Group.ReadWrite.All',
  'GroupMember.Read.All',
  'GroupMember.ReadWrite.All',
  'RoleManagement.Read.Directory',
  'RoleManagement.ReadWrite.Directory',
  'AuditLog.Read.All',
  'Policy.Read.All',
  'Policy.Read.DeviceConfiguration',
  'Policy.ReadWrite.DeviceConfiguration',
  'Policy.ReadWrite.AuthenticationFlows',
] as const;

const RESOURCE_SCOPES: Readonly<Record<Resource, readonly string[]>> = {
  enrollment: [SCOPES.enrollment],
  backup: [SCOPES.backup],
  restore: [SCOPES.restore],
  graph: GRAPH_SCOPES,
};

/** Resources that a client of ours may ask for; the first is meant when it names none. Other clients: Graph. */
const CLIENT_RESOURCES: Readonly<Record<string, readonly Resource[]>> = {
  [CLIENTS.agent]: ['enrollment', 'backup'],
  [CLIENTS.restoreExperience]: ['restore'],
  [CLIENTS.graphCommandLine]: ['graph'],
  [CLIENTS.adminCenter]: ['graph'],
};

/** A client that may get fewer scopes of a resource than there are. */
const CLIENT_SCOPES: Readonly<Record<string, readonly string[]>> = { [CLIENTS.adminCenter]: ADMIN_CENTER_SCOPES };

/** Whose tokens live in a browser's memory: short, and over when the person signs out. */
export function isInBrowser(clientId: string): boolean {
  return clientId === CLIENTS.adminCenter;
}

/** Where the admin center is, and where it gets its codes. */
function adminCenterAt(publicUrl: string): string {
  return `${publicUrl}/admin`;
}

export function isFirstParty(clientId: string): boolean {
  return clientId in CLIENT_RESOURCES;
}

/** RFC 8707 resource indicator of a resource. */
function indicatorOf(resource: Resource): string {
  return `api://${RESOURCES[resource]}`;
}

export function indicatorsOf(clientId: string): string[] {
  return resourcesOf(clientId).map(indicatorOf);
}

/** What an indicator stands for; undefined when this client may not ask for it. */
export function resourceFor(
  clientId: string,
  indicator: string,
): { readonly audience: string; readonly scopes: readonly string[] } | undefined {
  const resource = resourcesOf(clientId).find((one) => indicatorOf(one) === indicator);
  return resource && { audience: RESOURCES[resource], scopes: CLIENT_SCOPES[clientId] ?? RESOURCE_SCOPES[resource] };
}

function resourcesOf(clientId: string): readonly Resource[] {
  return CLIENT_RESOURCES[clientId] ?? ['graph'];
}

/** Any port of these; RFC 8252 section 7.3. */
const LOOPBACK_REDIRECTS = ['127.0.0.1', '[::1]', 'localhost'].flatMap((host) => [
  `http://${host}/`,
  `http://${host}/callback`,
  // Where a sign-in on one of the agent's own pages comes back to (model/wire.ts, PAGE_REDIRECT).
  `http://${host}/signed-in`,
]);

const PUBLIC_NATIVE = {
  application_type: 'native',
  token_endpoint_auth_method: 'none',
  response_types: ['code'],
  redirect_uris: LOOPBACK_REDIRECTS,
  post_logout_redirect_uris: LOOPBACK_REDIRECTS,
  id_token_signed_response_alg: 'ES256',
} as const satisfies Partial<ClientMetadata>;

export function firstPartyClients(deviceCodeAllowed: boolean, publicUrl: string): ClientMetadata[] {
  const metadata = (client_id: string, client_name: string, bound: boolean): ClientMetadata => ({
    ...PUBLIC_NATIVE,
    grant_types: grantTypesOf(client_id, deviceCodeAllowed),
    response_types: [...PUBLIC_NATIVE.response_types],
    redirect_uris: [...PUBLIC_NATIVE.redirect_uris],
    post_logout_redirect_uris: [...PUBLIC_NATIVE.post_logout_redirect_uris],
    client_id,
    client_name,
    dpop_bound_access_tokens: bound,
  });
  return [
    metadata(CLIENTS.agent, 'Carryover', true),
    metadata(CLIENTS.restoreExperience, 'Carryover Restore', true),
    metadata(CLIENTS.graphCommandLine, 'Microsoft Graph Command Line Tools', false),
    {
      ...metadata(CLIENTS.adminCenter, 'Carryover admin center', false),
      application_type: 'web',
      redirect_uris: [adminCenterAt(publicUrl)],
      post_logout_redirect_uris: [adminCenterAt(publicUrl)],
    },
  ];
}

/** What an organization registered of its own: only where to send codes; all else is as for our clients. */
export function metadataOf(
  clientId: string,
  registered: { readonly displayName: string; readonly redirectUris: readonly string[] },
): ClientMetadata {
  return {
    ...PUBLIC_NATIVE,
    grant_types: grantTypesOf(clientId, false),
    response_types: [...PUBLIC_NATIVE.response_types],
    redirect_uris: [...registered.redirectUris],
    post_logout_redirect_uris: [],
    client_id: clientId,
    client_name: registered.displayName,
  };
}
