/** Devices as the service lists them: what is asked for stands in the address of the page, one to one. */

import type { ManagedDevice } from '@carryover/model/admin';
import { COVERAGE } from '@carryover/model/admin';
import type { Graph, GraphPage } from '../../shared/graph.ts';

const DEVICES = '/v1.0/deviceManagement/managedDevices';

export const SYSTEMS = ['Windows', 'Linux'] as const;
export const JOIN_TYPES = ['azureADJoined', 'hybridAzureADJoined', 'azureADRegistered'] as const;

/** Undefined: not asked for. */
export interface DevicesAsked {
  readonly search?: string | undefined;
  readonly state?: (typeof COVERAGE)[number] | undefined;
  readonly system?: (typeof SYSTEMS)[number] | undefined;
  readonly join?: (typeof JOIN_TYPES)[number] | undefined;
  /** Id of the device whose details are open. */
  readonly device?: string | undefined;
}

/** From the query of the address; whatever the page does not know is left out. */
export function devicesAskedFrom(search: Readonly<Record<string, unknown>>): Omit<DevicesAsked, 'device'> {
  const text = (name: string) => {
    const value = search[name];
    return value === undefined || value === '' ? undefined : String(value).slice(0, 200);
  };
  return {
    search: text('search'),
    state: COVERAGE.find((state) => state === search['state']),
    system: SYSTEMS.find((system) => system === search['system']),
    join: JOIN_TYPES.find((join) => join === search['join']),
  };
}

/** OData's $filter; undefined when nothing is left out. */
export function deviceFilter({ state, system, join }: DevicesAsked): string | undefined {
  const parts = [
    state && `carryover/backup/state eq '${state}'`,
    system && `operatingSystem eq '${system}'`,
    join && `joinType eq '${join}'`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(' and ');
}

/** Errors: as shared/graph.ts. */
export function listDevices(
  graph: Graph,
  asked: DevicesAsked,
  { nextLink, signal }: { readonly nextLink?: string | undefined; readonly signal: AbortSignal },
): Promise<GraphPage<ManagedDevice>> {
  if (nextLink !== undefined) return graph.page(nextLink, { signal });
  const query = { $filter: deviceFilter(asked), $search: asked.search };
  return graph.page(DEVICES, { query, signal });
}

/** Errors: itemNotFound, and as shared/graph.ts. */
export function getDevice(graph: Graph, id: string, signal: AbortSignal): Promise<ManagedDevice> {
  return graph.get(`${DEVICES}/${encodeURIComponent(id)}`, { signal });
}

/** Takes a lost device out of use. Errors: itemNotFound, and as shared/graph.ts. */
export async function retireDevice(graph: Graph, id: string): Promise<void> {
  await graph.send<undefined>('POST', `${DEVICES}/${encodeURIComponent(id)}/retire`);
}

/** Id of the device that works again; another one when this was its clone. Errors: conflict (inner notQuarantined). */
export async function releaseDevice(graph: Graph, id: string): Promise<string> {
  const released = await graph.send<{ id: string }>(
    'POST',
    `/beta/carryover/devices/${encodeURIComponent(id)}/release`,
  );
  return released.id;
}
