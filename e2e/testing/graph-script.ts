/**
 * An administrator's script: one sign-in to Graph and HTTP requests with JSON, nothing else of this product.
 *
 * It is signed in through the pages as the Graph command line is, so that what works here works from any script.
 */

import { CLIENTS } from '../../model/src/wire.ts';
import { okay } from '../../server/testing/backups.ts';
import { jsonBody, signInAt } from '../../server/testing/service.ts';
import type { Story } from './story.ts';

export const CONFIGURATION_POLICIES = '/beta/deviceManagement/configurationPolicies';
export const CUSTOM_POLICIES = '/v1.0/deviceManagement/deviceConfigurations';

export interface GraphScript {
  get<Answer>(path: string): Promise<Answer>;
  /** Errors: Error with the service's words, as everywhere here but in `send`. */
  post<Answer = { readonly id: string }>(path: string, body: object): Promise<Answer>;
  patch<Answer>(path: string, body: object): Promise<Answer>;
  /** The answer as it comes, also a refusal. `ifMatch`: the ETag that was read before. */
  send(method: string, path: string, body: object, ifMatch?: string): Promise<Response>;
  /** Whom a policy is for, as a whole. `policy`: its path with its id. */
  assign(policy: string, ...targets: readonly object[]): Promise<void>;
}

export async function graphScript({ service, organization }: Story): Promise<GraphScript> {
  const { administrator, tenantId } = organization;
  const graph = await signInAt(
    service.url,
    { ...administrator, tenantId },
    { client: CLIENTS.graphCommandLine, resource: 'graph' },
  );
  const send: GraphScript['send'] = (method, path, body, ifMatch) => {
    const request = jsonBody(method, body);
    const guard = ifMatch === undefined ? {} : { 'if-match': ifMatch };
    return graph.fetch(path, { ...request, headers: { ...(request.headers as Record<string, string>), ...guard } });
  };
  return {
    send,
    get: async (path) => okay(await graph.fetch(path)),
    post: async (path, body) => okay(await send('POST', path, body)),
    patch: async (path, body) => okay(await send('PATCH', path, body)),
    async assign(policy, ...targets) {
      await okay(await send('POST', `${policy}/assign`, { assignments: targets.map((target) => ({ target })) }));
    },
  };
}

export const ALL_DEVICES = { '@odata.type': '#microsoft.graph.allDevicesAssignmentTarget' };

export function including(groupId: string): object {
  return { '@odata.type': '#microsoft.graph.groupAssignmentTarget', groupId };
}

export function excluding(groupId: string): object {
  return { '@odata.type': '#microsoft.graph.exclusionGroupAssignmentTarget', groupId };
}
