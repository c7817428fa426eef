/**
 * The rules of the catalog that no schema can say: what must hold between settings, and where harm could come in.
 *
 * A setting is ON by default unless it carries `defaultOff`. Secrets, and what runs code, reaches the network or is
 * bound to the device, must carry it; which places are such places is said by catalog/guards.yaml, not by the setting.
 */

import { isLinuxCodec } from '../../model/src/codecs.ts';
import type { Application, Catalog, Flag } from '../../model/src/setting.ts';
import { APPS_PAYLOAD_TYPE } from '../../model/src/unit.ts';
import { isWindowsCodec, unknownWindowsParameters } from '../../model/src/windows-codecs.ts';
import { type AreaFile, settingFrom } from './compile.ts';
import { type CatalogFile, type DataPath, type Fault, type FileKind, missingFiles } from './files.ts';
import { deniedBy, guardedFrom, opens } from './guarded.ts';
import { overlapFaults } from './overlaps.ts';
import { placesOf, type Written, type WrittenPlace } from './places.ts';
import { windowsPlaceFaults } from './windows-places.ts';
import { windowsRowFaults } from './windows-rows.ts';

/** The faults of a catalog whose files satisfy the schema. */
export function ruleFaults(files: readonly CatalogFile[]): Fault[] {
  const missing = missingFiles(files);
  const folder = files[0]?.path.replace(/[^/\\]*$/, '') ?? '';
  if (missing.length > 0) return missing.map((name) => ({ file: `${folder}${name}`, line: 1, message: 'missing' }));
  const written = files.filter(({ kind }) => kind === 'areaFile').flatMap(settingsOf);
  return [
    ...files.flatMap(fileNameFaults),
    ...idFaults(written),
    ...written.flatMap(flagFaults),
    ...written.flatMap(neutralFaults(written)),
    ...written.flatMap(windowsPlaceFaults),
    ...windowsRowFaults(files, written),
    ...payloadTypeFaults(written),
    ...applicationFaults(files),
    ...placeFaults(files, written.flatMap(placesOf)),
    ...overlapFaults(written.flatMap(placesOf)),
  ];
}

function settingsOf(file: CatalogFile): Written[] {
  const area = file.data as AreaFile;
  return area.settings.map((setting, index) => ({
    file,
    at: ['settings', index],
    setting: settingFrom(area, setting),
  }));
}

function fault({ file, at }: { file: CatalogFile; at: DataPath }, message: string): Fault {
  return { file: file.path, line: file.lineOf(at), message };
}

function fileNameFaults(file: CatalogFile): Fault[] {
  if (file.kind !== 'areaFile') return [];
  const { area } = file.data as AreaFile;
  if (file.path.endsWith(`${area}.yaml`)) return [];
  return [fault({ file, at: ['area'] }, `the file of area "${area}" is called ${area}.yaml`)];
}

function idFaults(written: readonly Written[]): Fault[] {
  const owners = new Map<string, Written>();
  return written.flatMap((entry) =>
    [entry.setting.id, ...(entry.setting.formerIds ?? [])].flatMap((id, index) => {
      const owner = owners.get(id);
      owners.set(id, owner ?? entry);
      if (owner === undefined) return [];
      const at = [...entry.at, ...(index === 0 ? ['id'] : ['formerIds', index - 1])];
      const where = `${owner.file.path}:${owner.file.lineOf(owner.at)}`;
      return [fault({ ...entry, at }, `duplicate id "${id}": ids are never reused, and ${where} has it`)];
    }),
  );
}

const OFF_FLAGS: readonly Flag[] = ['secret', 'runsCode', 'networkReach', 'deviceBound'];

function flagFaults(entry: Written): Fault[] {
  const { id, flags } = entry.setting;
  const harmful = OFF_FLAGS.filter((flag) => flags.includes(flag));
  if (harmful.length === 0 || flags.includes('defaultOff')) return [];
  return [
    fault(
      { ...entry, at: [...entry.at, 'flags'] },
      `"${id}" is ${harmful.join(', ')} but on by default: add defaultOff`,
    ),
  ];
}

function neutralFaults(all: readonly Written[]): (entry: Written) => Fault[] {
  const ids = all.flatMap(({ setting }) => setting.neutral?.id ?? []);
  return (entry) => {
    const { neutral, linux } = entry.setting;
    if (neutral === undefined) return [];
    const at = [...entry.at, 'neutral'];
    const faults: Fault[] = [];
    if (neutral.linux !== undefined && !isLinuxCodec(neutral.linux.codec))
      faults.push(fault({ ...entry, at: [...at, 'linux', 'codec'] }, `unknown codec "${neutral.linux.codec}"`));
    if (neutral.linux !== undefined && linux === undefined)
      faults.push(fault({ ...entry, at: [...at, 'linux'] }, 'a codec for linux without a place there'));
    faults.push(...windowsCodecFaults({ ...entry, at: [...at, 'windows'] }));
    if (neutral.fallback !== undefined && !ids.includes(neutral.fallback))
      faults.push(fault({ ...entry, at: [...at, 'fallback'] }, `unknown neutral id "${neutral.fallback}"`));
    if (ids.indexOf(neutral.id) !== ids.lastIndexOf(neutral.id))
      faults.push(fault({ ...entry, at }, `two settings have the neutral id "${neutral.id}"`));
    return faults;
  };
}

/** A parameter that a codec does not know would be silently without effect. */
function windowsCodecFaults({ at, ...entry }: Written): Fault[] {
  const use = entry.setting.neutral?.windows;
  if (use === undefined) return [];
  if (!isWindowsCodec(use.codec)) return [fault({ ...entry, at: [...at, 'codec'] }, `unknown codec "${use.codec}"`)];
  return unknownWindowsParameters(use).map((name) =>
    fault({ ...entry, at: [...at, name] }, `the codec "${use.codec}" does not know "${name}"`),
  );
}

function payloadTypeFaults(written: readonly Written[]): Fault[] {
  const first = new Map<string, Written>();
  return written.flatMap((entry) => {
    const { payloadType, category, flags } = entry.setting;
    if (payloadType === APPS_PAYLOAD_TYPE) return [fault(entry, `payload type "${payloadType}" is the list of apps`)];
    const before = first.get(payloadType);
    first.set(payloadType, before ?? entry);
    if (before === undefined) return [];
    const where = `"${before.setting.id}" (${before.file.path}:${before.file.lineOf(before.at)})`;
    if (before.setting.category !== category)
      return [
        fault(
          entry,
          `payload type "${payloadType}" in two categories: ${category} here, ${before.setting.category} at ${where}`,
        ),
      ];
    if (before.setting.flags.includes('secret') !== flags.includes('secret'))
      return [fault(entry, `payload type "${payloadType}" in two secrecy classes: differs from ${where}`)];
    return [];
  });
}

function applicationFaults(files: readonly CatalogFile[]): Fault[] {
  const file = files.find(({ kind }) => kind === 'applicationsFile');
  if (file === undefined) return [];
  const { applications } = file.data as { applications: readonly Application[] };
  const seen = new Set<string>();
  return applications.flatMap(({ id, desktopFiles }, index) =>
    [id, ...desktopFiles].flatMap((name) => {
      if (!seen.has(name)) {
        seen.add(name);
        return [];
      }
      return [fault({ file, at: ['applications', index] }, `"${name}" stands twice in the table`)];
    }),
  );
}

/** Places that are denied, or lack the flag that catalog/guards.yaml asks for; keys without a type each. */
function placeFaults(files: readonly CatalogFile[], places: readonly WrittenPlace[]): Fault[] {
  const deny = guardedFrom(dataOf<Catalog['deny']>(files, 'denyFile'));
  const guards = Object.entries(dataOf<Record<Flag, Catalog['deny']>>(files, 'guardsFile')).map(([flag, patterns]) => ({
    flag: flag as Flag,
    guarded: guardedFrom(patterns),
  }));
  return places.flatMap((place) => {
    const denied = deniedBy(deny, place);
    if (denied !== undefined) return [fault(place, `${place.shown} is on the deny list (${denied})`)];
    return [
      ...typeFaults(place),
      ...guards
        .filter(({ flag, guarded }) => !place.setting.flags.includes(flag) && opens(guarded, place))
        .map(({ flag }) => fault(place, `${place.shown} needs the flag ${flag} (catalog/guards.yaml)`)),
    ];
  });
}

function typeFaults({ file, at, setting }: WrittenPlace): Fault[] {
  const place = setting.linux?.[Number(at[3])];
  if (at.at(-1) !== 0 || place?.mechanism !== 'dconf' || place.keys.length === place.types.length) return [];
  return [fault({ file, at }, `${place.keys.length} keys but ${place.types.length} types`)];
}

function dataOf<Data>(files: readonly CatalogFile[], kind: FileKind): Data {
  return files.find((file) => file.kind === kind)?.data as Data;
}
