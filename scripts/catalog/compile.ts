/**
 * The catalog's files become one catalog: defaults of the area filled in, nothing else changed.
 *
 * Deterministic: the same files give the same text, and the version is a digest of it.
 * The files are taken as valid; scripts/check-catalog.ts is what judges them.
 */

import { createHash } from 'node:crypto';
import { canonicalJson, type Json } from '../../model/src/canonical.ts';
import type { Application, Area, Catalog, Gates, Mode, Neutral, Setting, Title } from '../../model/src/setting.ts';
import type { CatalogFile, FileKind } from './files.ts';

/** A setting as written: what it leaves out is the area's. */
export type WrittenSetting = Pick<Setting, 'id' | 'title'> &
  Partial<Omit<Setting, 'neutral'>> & { readonly neutral?: Omit<Neutral, 'id'> & { readonly id?: string } };

export interface AreaFile {
  readonly area: string;
  readonly title: Title;
  readonly category: Setting['category'];
  readonly toggle?: Setting['toggle'];
  readonly payloadType: string;
  readonly mode: Mode;
  readonly source: string;
  readonly settings: readonly WrittenSetting[];
}

/** Errors: Error when deny.yaml or builds.yaml is missing: without them nothing may be captured. */
export function catalogFrom(files: readonly CatalogFile[]): Catalog {
  const areas = files.filter(({ kind }) => kind === 'areaFile').map(({ data }) => data as AreaFile);
  const content: Omit<Catalog, 'version'> = {
    areas: areas.map(({ area, title }): Area => ({ id: area, title })),
    settings: areas.flatMap((area) => area.settings.map((setting) => settingFrom(area, setting))),
    deny: dataOf<Catalog['deny']>(files, 'denyFile'),
    gates: dataOf<Gates>(files, 'buildsFile'),
    applications: dataOf<{ applications: readonly Application[] }>(files, 'applicationsFile').applications,
  };
  const text = canonicalJson(content as unknown as Json);
  return { version: createHash('sha256').update(text).digest('hex').slice(0, 16), ...content };
}

/** One setting a line, so that a change of the catalog reads as a change of a line. */
export function catalogText({ version, settings, ...rest }: Catalog): string {
  const lines = (values: readonly unknown[]) => values.map((value) => `    ${JSON.stringify(value)}`).join(',\n');
  const others = Object.entries(rest).map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`);
  return `{\n  "version": "${version}",\n  "settings": [\n${lines(settings)}\n  ],\n${others.join(',\n')}\n}\n`;
}

/** What a setting says for itself comes first, then its area's word. Members in a fixed order. */
export function settingFrom(area: AreaFile, written: WrittenSetting): Setting {
  const category = written.category ?? area.category;
  return {
    id: written.id,
    ...(written.formerIds && { formerIds: written.formerIds }),
    title: written.title,
    area: area.area,
    category,
    toggle: written.toggle ?? area.toggle ?? category,
    payloadType: written.payloadType ?? area.payloadType,
    mode: written.mode ?? area.mode,
    flags: written.flags ?? [],
    ...(written.neutral && { neutral: { id: written.id, ...written.neutral } }),
    ...(written.linux && { linux: written.linux }),
    ...(written.windows && { windows: written.windows }),
    source: written.source ?? area.source,
  };
}

function dataOf<Data>(files: readonly CatalogFile[], kind: FileKind): Data {
  const file = files.find((candidate) => candidate.kind === kind);
  if (file === undefined)
    throw new Error(`The catalog has no file for "${kind}" (deny, guards, builds, applications).`);
  return file.data as Data;
}
