/**
 * Every row of the windows settings catalog is accounted for: a setting names it as its source, or windows-rows.yaml says
 * why none does.
 */

import type { Title } from '../../model/src/setting.ts';
import type { CatalogFile, DataPath, Fault } from './files.ts';
import type { Written } from './places.ts';

/** catalog/windows-rows.yaml. */
export interface WindowsRows {
  readonly rows: number;
  readonly sources: Readonly<Record<string, string>>;
  readonly aliases: readonly { row: string; sameAs: string; setting: string; reason: string }[];
  readonly leftOut: readonly RowGroup[];
  readonly notRestorable: readonly RowGroup[];
  readonly families: readonly { id: string; title: Title; reason: string; rows?: Readonly<Record<string, string>> }[];
  readonly candidates: readonly { rows: readonly string[]; place: string; check: string }[];
}

interface RowGroup {
  readonly code: string;
  readonly reason: string;
  /** Row to what Microsoft calls it. */
  readonly rows: Readonly<Record<string, string>>;
}

interface WindowsSource {
  readonly rows: readonly string[];
  /** Short names of windows-rows.yaml. */
  readonly from: readonly string[];
  readonly confidence: string;
}

const SOURCE =
  /(?:windows settings catalog rows? (s\d{3}(?:, s\d{3})*)|beyond the windows settings catalog); ([A-Z0-9]+(?:, [A-Z0-9]+)*); confidence (high|medium|low)$/;

/** What the source of a setting says about Windows; undefined when it is not in that form. */
export function windowsSourceFrom(source: string): WindowsSource | undefined {
  const [found, rows, from = '', confidence = ''] = SOURCE.exec(source) ?? [];
  if (found === undefined) return undefined;
  return { rows: rows?.split(', ') ?? [], from: from.split(', '), confidence };
}

export function windowsRowFaults(files: readonly CatalogFile[], written: readonly Written[]): Fault[] {
  const file = files.find(({ kind }) => kind === 'windowsRowsFile');
  if (file === undefined) return [];
  const data = file.data as WindowsRows;
  const carried = new Map<string, string[]>();
  for (const { setting } of written)
    for (const row of windowsSourceFrom(setting.source)?.rows ?? [])
      carried.set(row, [...(carried.get(row) ?? []), setting.id]);
  return [
    ...written.flatMap((entry) => sourceFaults(entry, data)),
    ...rowFaults(file, data, carried),
    ...aliasFaults(file, data, carried),
    ...neutralFaults(written, data),
  ];
}

function sourceFaults({ file, at, setting }: Written, { sources, rows }: WindowsRows): Fault[] {
  if (setting.windows === undefined || !setting.source.includes('windows settings catalog')) return [];
  const fault = (message: string): Fault => ({ file: file.path, line: file.lineOf([...at, 'source']), message });
  const found = windowsSourceFrom(setting.source);
  if (found === undefined)
    return [fault('a source of Windows reads "windows settings catalog row s001; SC, PUB; confidence medium"')];
  return [
    ...found.from.filter((name) => !Object.hasOwn(sources, name)).map((name) => fault(`unknown source "${name}"`)),
    ...found.rows.filter((row) => !isRow(row, rows)).map((row) => fault(`the windows settings catalog has no ${row}`)),
  ];
}

/** Each row stands in one place: among the settings, or once in the file. */
function rowFaults(file: CatalogFile, data: WindowsRows, carried: ReadonlyMap<string, readonly string[]>): Fault[] {
  const fault = (at: DataPath, message: string): Fault => ({ file: file.path, line: file.lineOf(at), message });
  const seen = new Set<string>();
  const faults = listedRows(data).flatMap(({ row, at }) => {
    const before = carried.get(row);
    const again = seen.has(row);
    seen.add(row);
    if (!isRow(row, data.rows)) return [fault(at, `the windows settings catalog has no ${row}`)];
    if (before !== undefined) return [fault(at, `${row} is carried by "${before[0]}"`)];
    return again ? [fault(at, `${row} stands here twice`)] : [];
  });
  const missing = rowsUpTo(data.rows).filter((row) => !carried.has(row) && !seen.has(row));
  return [...faults, ...missing.map((row) => fault(['rows'], `${row} is neither carried nor listed with a reason`))];
}

function aliasFaults(file: CatalogFile, data: WindowsRows, carried: ReadonlyMap<string, readonly string[]>): Fault[] {
  return data.aliases.flatMap(({ row, sameAs, setting }, index) =>
    [row, sameAs]
      .filter((one) => !carried.get(one)?.includes(setting))
      .map((one) => ({
        file: file.path,
        line: file.lineOf(['aliases', index]),
        message: `"${setting}" does not name ${one} as its source`,
      })),
  );
}

/** A neutral meaning names settings of Windows, or families that are listed as not carried. */
function neutralFaults(written: readonly Written[], { families }: WindowsRows): Fault[] {
  const onWindows = new Set(written.flatMap(({ setting }) => (setting.windows === undefined ? [] : [setting.id])));
  const listed = new Set(families.map(({ id }) => id));
  return written.flatMap(({ file, at, setting }) => {
    const use = setting.neutral?.windows;
    return (['places', 'families'] as const).flatMap((list) =>
      namesIn(use?.[list]).flatMap((name, index) => {
        if (onWindows.has(name) || (list === 'families' && listed.has(name))) return [];
        const line = file.lineOf([...at, 'neutral', 'windows', list, index]);
        return [{ file: file.path, line, message: `no setting "${name}" with a place on Windows` }];
      }),
    );
  });
}

function namesIn(list: unknown): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}

/** Rows that no setting carries, and where each stands. */
function listedRows({ leftOut, notRestorable, families }: WindowsRows): { row: string; at: DataPath }[] {
  return Object.entries({ leftOut, notRestorable, families }).flatMap(([list, groups]) =>
    groups.flatMap(({ rows = {} }, index) => Object.keys(rows).map((row) => ({ row, at: [list, index, 'rows', row] }))),
  );
}

function rowsUpTo(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `s${String(index + 1).padStart(3, '0')}`);
}

function isRow(row: string, count: number): boolean {
  return Number(row.slice(1)) >= 1 && Number(row.slice(1)) <= count;
}
