/**
 * A mechanism for tests whose settings lie in one JSON file below HOME ("a drawer"): read, apply and revert are real
 * writes to a real file, through the System, so that a test can stop the process at any of them.
 *
 * A value is `{ v: … }` or, with contents, `{ v: …, blob: <blob id> }`; contents lie beside, one file each.
 */

import { canonicalJson, type Json } from '@carryover/model/canonical';
import type { Finding } from '@carryover/model/restore-plan';
import { type MechanismKind, type Setting, settingIdOf } from '@carryover/model/setting';
import type { FoundItem, Mechanism, MechanismContext, Outcome } from '../src/settings/mechanism.ts';
import type { System } from '../src/system/system.ts';

type Contents = { readonly [itemId: string]: Json };

export interface DrawerOptions {
  readonly name: string;
  readonly kinds: readonly MechanismKind[];
  /** Item ids that cannot be changed here. */
  readonly locked?: readonly string[];
}

export function drawer({ name, kinds, locked = [] }: DrawerOptions): Mechanism {
  const serves = (setting: Setting) => (setting.linux ?? []).some(({ mechanism }) => kinds.includes(mechanism));
  return {
    kinds,

    async read({ system, blobIdOf }, settings) {
      const known = new Map(settings.filter(serves).map((setting) => [setting.id, setting]));
      const items: FoundItem[] = [];
      for (const [itemId, raw] of Object.entries(await contentsOf(system, name))) {
        const setting = known.get(settingIdOf(itemId));
        if (setting === undefined) continue;
        const content = await system.readFile(blobPath(system, name, itemId));
        if (content === undefined) items.push({ itemId, setting, raw, blobs: [] });
        else {
          const blobId = blobIdOf(content);
          items.push({ itemId, setting, raw: { ...(raw as object), blob: blobId }, blobs: [{ blobId, content }] });
        }
      }
      return { items, failures: [] };
    },

    async inspect(context, items) {
      const now = await withBlobs(context, name);
      return new Map(
        items.map(({ itemId, raw }): [string, Finding] => {
          const found = now[itemId];
          const same = found !== undefined && canonicalJson(found) === canonicalJson(raw);
          const finding = { now: found, nowWords: found === undefined ? 'not set' : canonicalJson(found), same };
          if (same || !locked.includes(itemId)) return [itemId, finding];
          const reason = { code: 'lockedByPolicy', facts: { org: 'Auental County', policy: 'lock' } } as const;
          return [itemId, { ...finding, obstacle: { status: 'lockedByPolicy', reason } }];
        }),
      );
    },

    async former(context, items) {
      const now = await withBlobs(context, name);
      return Promise.all(
        items.map(async ({ itemId }) => {
          const content = await context.system.readFile(blobPath(context.system, name, itemId));
          const blobs = content === undefined ? [] : [{ blobId: context.blobIdOf(content), content }];
          return { itemId, raw: now[itemId], blobs };
        }),
      );
    },

    async apply(context, items) {
      const { system } = context;
      const now = await withBlobs(context, name);
      const next: Record<string, Json> = { ...(await contentsOf(system, name)) };
      const outcomes: Outcome[] = [];
      for (const { itemId, raw } of items) {
        if (now[itemId] !== undefined && canonicalJson(now[itemId]) === canonicalJson(raw)) {
          outcomes.push({ itemId, status: 'unchanged' });
          continue;
        }
        const { blob, rest } = apart(raw);
        if (blob !== undefined) await system.writeFile(blobPath(system, name, itemId), await context.blob(blob), 0o600);
        next[itemId] = rest;
        outcomes.push({ itemId, status: 'applied' });
      }
      if (outcomes.some(({ status }) => status === 'applied')) await put(system, name, next);
      return outcomes;
    },

    async revert({ system }, former) {
      const next: Record<string, Json> = { ...(await contentsOf(system, name)) };
      for (const { itemId, raw, blobs } of former) {
        const [blob] = blobs;
        if (blob === undefined) await system.removeFile(blobPath(system, name, itemId));
        else await system.writeFile(blobPath(system, name, itemId), blob.content, 0o600);
        if (raw === undefined) delete next[itemId];
        else {
          next[itemId] = apart(raw).rest;
        }
      }
      await put(system, name, next);
      return former.map(({ itemId }) => ({ itemId, status: 'applied' }));
    },
  };
}

/** A raw value without the blob id, which is not kept but found again. */
function apart(raw: Json): { readonly blob?: string; readonly rest: Json } {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return { rest: raw };
  const { blob, ...rest } = raw as { readonly [member: string]: Json };
  return typeof blob === 'string' ? { blob, rest } : { rest };
}

/** What the drawer holds, as a person put it there. */
export async function fill(system: System, name: string, contents: Contents): Promise<void> {
  await put(system, name, contents);
}

export async function contentsOf(system: System, name: string): Promise<Contents> {
  const bytes = await system.readFile(`${system.home}/drawers/${name}.json`);
  return bytes === undefined ? {} : JSON.parse(Buffer.from(bytes).toString());
}

export function blobPath(system: System, name: string, itemId: string): string {
  return `${system.home}/drawers/${name}-${encodeURIComponent(itemId)}`;
}

async function withBlobs({ system, blobIdOf }: MechanismContext, name: string): Promise<Record<string, Json>> {
  const found: Record<string, Json> = {};
  for (const [itemId, raw] of Object.entries(await contentsOf(system, name))) {
    const content = await system.readFile(blobPath(system, name, itemId));
    found[itemId] = content === undefined ? raw : { ...(raw as object), blob: blobIdOf(content) };
  }
  return found;
}

/** Sorted, so that equal contents are equal files. */
async function put(system: System, name: string, contents: Contents): Promise<void> {
  await system.writeFile(`${system.home}/drawers/${name}.json`, canonicalJson(contents), 0o600);
}
