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
import { POLICIES, policyByDefinitionId } from '@carryover/model/policy-definitions';
import type { OmaSetting } from '@carryover/model/policy-oma';
import type { PolicyChange, PolicyConflicts, PolicyPreview, PreviewConflict } from '@carryover/model/policy-preview';
import type { Graph } from '../../shared/graph.ts';
import { type Draft, same } from './draft.ts';
import { rowsFrom, settingFrom } from './oma-rows.ts';
import { differingParts } from './policy-diff.ts';

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
  /** Settings of a catalog policy that are not known here, as they came. */
  readonly kept: readonly DocumentSetting[];
}

export const NEW_POLICY: OpenPolicy = {
  kind: 'catalog',
  id: undefined,
  etag: undefined,
  draft: { name: '', description: '', values: {}, oma: [], targets: [] },
  kept: [],
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
  // With its ETag before the others: what changes meanwhile is then a conflict when it is saved, and not overwritten unseen.
  const entity = await graph.get<Entity>(path, { signal });
  const [settings, assignments] = await Promise.all([
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
      oma: rowsFrom(entity.omaSettings ?? []),
      targets: assignments.map(({ target }) => target),
    },
    kept: settings
      .filter(({ settingInstance }) => policyByDefinitionId(settingInstance.settingDefinitionId) === undefined)
      .map(({ settingInstance }) => ({ settingInstance })),
  };
}

/**
 * Saves document and assignments. Gives the id. `onSaved`: the document is stored, its assignments not yet; to go on from
 * there when they fail.
 *
 * Errors: resourceModified when somebody changed it since it was read.
 */
export async function savePolicy(
  graph: Graph,
  {
    policy,
    draft,
    onSaved,
  }: { readonly policy: OpenPolicy; readonly draft: Draft; readonly onSaved?: (policy: OpenPolicy) => void },
): Promise<string> {
  const saved = await saveDocument(graph, policy, draft);
  onSaved?.({
    ...policy,
    id: saved.id,
    etag: saved['@odata.etag'],
    draft: { ...draft, targets: policy.draft.targets },
  });
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
  const body =
    kind === 'catalog'
      ? { name, description, settings: settingsOf(policy, draft) }
      : { displayName: name, description, omaSettings: draft.oma.map(settingFrom) };
  if (id === undefined) return await graph.send<Entity>('POST', ROOTS[kind], { body: { ...body, ...FIRST[kind] } });
  if (differingParts(policy.draft, draft).every((part) => part === 'targets') && sameOrder(policy.draft, draft))
    return { id, '@odata.etag': etag ?? '*' };
  return await graph.send<Entity>('PATCH', `${ROOTS[kind]}/${id}`, {
    body,
    ...(etag === undefined ? {} : { ifMatch: etag }),
  });
}

/** Rows that only changed places are another document, too. */
function sameOrder(before: Draft, now: Draft): boolean {
  return same(before.oma.map(settingFrom), now.oma.map(settingFrom));
}

/** What a new document says beside. */
const FIRST: Readonly<Record<DocumentKind, object>> = {
  catalog: { platforms: 'windows10,linux', technologies: 'mdm' },
  custom: { '@odata.type': '#microsoft.graph.windows10CustomConfiguration' },
};

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
  const { id, kind } = policy;
  const body: PolicyChange = {
    name: draft.name,
    targets: draft.targets,
    ...(kind === 'catalog' ? { settings: settingsOf(policy, draft) } : { omaSettings: draft.oma.map(settingFrom) }),
    ...(id === undefined ? {} : { id }),
    ...(deviceId === undefined ? {} : { deviceId }),
  };
  return graph.send<PolicyPreview>('POST', '/beta/carryover/policyPreview', { body, signal });
}

/** On what saved policies disagree. */
export async function listConflicts(graph: Graph, signal: AbortSignal): Promise<readonly PreviewConflict[]> {
  return (await graph.get<PolicyConflicts>('/beta/carryover/policyConflicts', { signal })).conflicts;
}
