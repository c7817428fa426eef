/**
 * Policy documents as the pages read, edit and save them.
 *
 * What a document holds that is not known here goes back as it came. A save overwrites nothing it did not see: the ETag
 * covers settings and assignments.
 *
 * Source: server/policies/document-routes.ts; Graph, deviceManagementConfigurationPolicy, windows10CustomConfiguration.
 */

import type { AssignmentTarget } from '@carryover/model/assignment';
import { instanceOf, type SettingInstance, settingsFromCatalog } from '@carryover/model/policy-catalog';
import { POLICIES, type PolicyValue, policyByDefinitionId } from '@carryover/model/policy-definitions';
import type { OmaSetting } from '@carryover/model/policy-oma';
import type { PolicyChange, PolicyPreview } from '@carryover/model/policy-preview';
import type { Graph } from '../../shared/graph.ts';

export type DocumentKind = 'catalog' | 'custom';

const ROOTS: Readonly<Record<DocumentKind, string>> = {
  catalog: '/beta/deviceManagement/configurationPolicies',
  custom: '/beta/deviceManagement/deviceConfigurations',
};

export interface PolicyLine {
  readonly kind: DocumentKind;
  readonly id: string;
  readonly name: string;
  readonly isAssigned: boolean;
  readonly settingCount: number;
  readonly lastModifiedDateTime: string;
}

interface Entity {
  readonly '@odata.etag': string;
  readonly id: string;
  readonly name?: string;
  readonly displayName?: string;
  readonly description?: string;
  readonly isAssigned: boolean;
  readonly settingCount?: number;
  readonly omaSettings?: readonly OmaSetting[];
  readonly lastModifiedDateTime: string;
}

interface DocumentSetting {
  readonly settingInstance: SettingInstance;
}

/** A document while it is open. */
export interface OpenPolicy {
  readonly kind: DocumentKind;
  /** Undefined for one that is not saved yet. */
  readonly id: string | undefined;
  readonly etag: string | undefined;
  readonly draft: Draft;
  /** Settings that are not known here, as they came. */
  readonly kept: readonly DocumentSetting[];
  /** Of a custom policy; shown, not edited. */
  readonly omaSettings: readonly OmaSetting[];
}

export interface Draft {
  readonly name: string;
  readonly description: string;
  /** By PolicyDefinition.name; what is not there is not configured. */
  readonly values: Readonly<Record<string, PolicyValue>>;
  readonly targets: readonly AssignmentTarget[];
}

export const NEW_POLICY: OpenPolicy = {
  kind: 'catalog',
  id: undefined,
  etag: undefined,
  draft: { name: '', description: '', values: {}, targets: [] },
  kept: [],
  omaSettings: [],
};

/** Errors, of every function: as shared/graph.ts. */
export async function listPolicies(graph: Graph, signal: AbortSignal): Promise<PolicyLine[]> {
  const [catalog, custom] = await Promise.all([
    graph.all<Entity>(ROOTS.catalog, { signal }),
    graph.all<Entity>(ROOTS.custom, { signal }),
  ]);
  const lines = [
    ...catalog.map((entity) => lineOf('catalog', entity, entity.settingCount ?? 0)),
    ...custom.map((entity) => lineOf('custom', entity, entity.omaSettings?.length ?? 0)),
  ];
  return lines.toSorted((a, b) => a.name.localeCompare(b.name));
}

function lineOf(kind: DocumentKind, entity: Entity, settingCount: number): PolicyLine {
  const { id, isAssigned, lastModifiedDateTime } = entity;
  return { kind, id, name: nameOf(entity), isAssigned, settingCount, lastModifiedDateTime };
}

function nameOf({ name, displayName }: Entity): string {
  return name ?? displayName ?? '';
}

export async function openPolicy(
  graph: Graph,
  { kind, id }: { readonly kind: DocumentKind; readonly id: string },
  signal: AbortSignal,
): Promise<OpenPolicy> {
  const path = `${ROOTS[kind]}/${encodeURIComponent(id)}`;
  const [entity, settings, assignments] = await Promise.all([
    graph.get<Entity>(path, { signal }),
    kind === 'catalog' ? graph.all<DocumentSetting>(`${path}/settings`, { signal }) : [],
    graph.all<{ target: AssignmentTarget }>(`${path}/assignments`, { signal }),
  ]);
  const { settings: known } = settingsFromCatalog(settings.map(({ settingInstance }) => settingInstance));
  return {
    kind,
    id,
    etag: entity['@odata.etag'],
    draft: {
      name: nameOf(entity),
      description: entity.description ?? '',
      values: Object.fromEntries(known.map(({ policy, value }) => [policy, value])),
      targets: assignments.map(({ target }) => target),
    },
    kept: settings
      .filter(({ settingInstance }) => policyByDefinitionId(settingInstance.settingDefinitionId) === undefined)
      .map(({ settingInstance }) => ({ settingInstance })),
    omaSettings: entity.omaSettings ?? [],
  };
}

/** Saves document and assignments. Gives the id. Errors: resourceModified when somebody changed it since it was read. */
export async function savePolicy(graph: Graph, policy: OpenPolicy, draft: Draft): Promise<string> {
  const saved = await saveDocument(graph, policy, draft);
  if (same(policy.draft.targets, draft.targets)) return saved.id;
  const body = { assignments: draft.targets.map((target) => ({ target })) };
  await graph.send('POST', `${ROOTS[policy.kind]}/${saved.id}/assign`, { body, ifMatch: saved['@odata.etag'] });
  return saved.id;
}

async function saveDocument(
  graph: Graph,
  policy: OpenPolicy,
  draft: Draft,
): Promise<Pick<Entity, 'id' | '@odata.etag'>> {
  const { kind, id, etag } = policy;
  const { name, description } = draft;
  const words = kind === 'catalog' ? { name, description } : { displayName: name, description };
  const body = kind === 'catalog' ? { ...words, settings: settingsOf(policy, draft) } : words;
  if (id === undefined)
    return await graph.send<Entity>('POST', ROOTS[kind], {
      body: { ...body, platforms: 'windows10,linux', technologies: 'mdm' },
    });
  const before = policy.draft;
  if (name === before.name && description === before.description && same(draft.values, before.values))
    return { id, '@odata.etag': etag ?? '*' };
  return await graph.send<Entity>('PATCH', `${ROOTS[kind]}/${id}`, {
    body,
    ...(etag === undefined ? {} : { ifMatch: etag }),
  });
}

export async function removePolicy(graph: Graph, { kind, id, etag }: OpenPolicy): Promise<void> {
  await graph.send('DELETE', `${ROOTS[kind]}/${id}`, etag === undefined ? {} : { ifMatch: etag });
}

function settingsOf({ kept }: OpenPolicy, { values }: Draft): DocumentSetting[] {
  const known = POLICIES.flatMap(({ name }) => {
    const value = values[name];
    return value === undefined ? [] : [{ settingInstance: instanceOf({ policy: name, value }) }];
  });
  return [...kept, ...known];
}

/** What saving would do. */
export function previewPolicy(
  graph: Graph,
  { policy, draft, deviceId }: { readonly policy: OpenPolicy; readonly draft: Draft; readonly deviceId?: string },
  signal: AbortSignal,
): Promise<PolicyPreview> {
  const { id, kind, omaSettings } = policy;
  const body: PolicyChange = {
    name: draft.name,
    targets: draft.targets,
    ...(kind === 'catalog' ? { settings: settingsOf(policy, draft) } : { omaSettings }),
    ...(id === undefined ? {} : { id }),
    ...(deviceId === undefined ? {} : { deviceId }),
  };
  return graph.send<PolicyPreview>('POST', '/beta/carryover/policyPreview', { body, signal });
}

/** How many things of a document are not as they were. */
export function countChanges(before: Draft, now: Draft): number {
  const names = new Set([...Object.keys(before.values), ...Object.keys(now.values)]);
  const changed = [...names].filter((name) => !same(before.values[name], now.values[name]));
  const others = [!same(before.targets, now.targets), before.name !== now.name, before.description !== now.description];
  return changed.length + others.filter(Boolean).length;
}

export function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
