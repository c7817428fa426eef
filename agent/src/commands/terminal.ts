/**
 * How the command line looks: a sign, a label, a text, at most 80 columns, one accent, and nothing that only colour says.
 *
 * Every function gives text and prints nothing; `progressOn` alone writes, to where progress goes. Values are made
 * printable here (text-columns.ts), so that callers hand over names as they are.
 *
 * Source: the terminal section of the design's screens.
 */

import { type Language, type Reason, wordsOf } from '@carryover/model/reasons';
import type { Out, Signs } from './agent.ts';
import { columnsOf, cutMiddle, padded, shown, wrapped } from './text-columns.ts';

/** What of an Out decides the look. */
export type Look = Pick<Out, 'language' | 'colour' | 'columns' | 'signs'>;

export type Sign = keyof Signs;

const MAX_COLUMNS = 80;
const LABEL_COLUMNS = 21;
const BAR_CELLS = 30;
/** Where the time of a step ends. */
const TIME_END = 77;

/** Colours of the 256: teal, amber, berry. */
const COLOURS: Readonly<Partial<Record<Sign, number>>> = {
  done: 31,
  running: 31,
  change: 31,
  warning: 172,
  failed: 125,
};

const WORDS = {
  en: { of: 'of', toFix: 'to fix', decimal: '.' },
  de: { of: 'von', toFix: 'Abhilfe', decimal: ',' },
} as const satisfies Record<Language, object>;

export interface Line {
  /** A sign, a text in its place (a number), or nothing. */
  readonly sign?: Sign | { readonly text: string };
  readonly label: string;
  readonly text?: string;
  /** Milliseconds it took, at the end of the line. */
  readonly tookMs?: number;
  readonly indent?: number;
  /** Columns of the label, the gap behind it included. */
  readonly labelColumns?: number;
}

/** `✓ Read settings        342 looked at, 41 differ from the default        0.4 s` */
export function line(
  look: Look,
  { sign, label, text, tookMs, indent = 0, labelColumns = LABEL_COLUMNS }: Line,
): string {
  const start = ' '.repeat(indent) + signText(look, sign);
  const used = indent + signColumns(look) + 1;
  const width = widthOf(look);
  if (text === undefined && tookMs === undefined) return start + cut(look, label, width - used);
  const time = tookMs === undefined ? '' : durationWords(tookMs, look.language);
  const end = tookMs === undefined ? width : Math.min(TIME_END, width - 1) - columnsOf(time) - 2;
  const name = padded(cut(look, label, labelColumns - 1), labelColumns);
  const words = cut(look, text ?? '', Math.max(1, end - used - labelColumns));
  if (time === '') return `${start}${name}${words}`.trimEnd();
  return start + padded(name + words, end + 2 - used) + time;
}

/** Like `line`, for sentences: what does not fit goes on below its beginning instead of being cut. */
export function sentenceLines(look: Look, given: Omit<Line, 'tookMs'>): string[] {
  const { sign, label, text = '', indent = 0, labelColumns = LABEL_COLUMNS } = given;
  const start = ' '.repeat(indent) + signText(look, sign);
  const before = indent + signColumns(look) + 1 + labelColumns;
  const name = padded(cut(look, label, Math.max(0, labelColumns - 1)), labelColumns);
  return wrapped(shown(text), Math.max(1, widthOf(look) - before)).map((part, index) =>
    (index === 0 ? start + name + part : ' '.repeat(before) + part).trimEnd(),
  );
}

/** A line without a sign, as wide as the others. */
export function plain(look: Look, text: string): string {
  return cut(look, text, widthOf(look));
}

export interface TableRow {
  readonly sign?: Sign;
  readonly cells: readonly string[];
}

export interface Table {
  /** Titles of the columns; the first stands over signs and labels alike. */
  readonly heading?: readonly string[];
  readonly rows: readonly TableRow[];
  readonly indent?: number;
  /** Columns of every cell but the last, gaps included; the last takes what remains. Default: as wide as needed. */
  readonly widths?: readonly number[];
}

/** Lines of a table, a cell too wide cut in its middle. */
export function table(look: Look, { heading, rows, indent = 2, widths }: Table): string[] {
  const before = indent + signColumns(look) + 1;
  const given = widths ?? neededWidths(rows, widthOf(look) - before);
  const cellsOf = (cells: readonly string[], extra: number) =>
    cells
      .map((cell, index) => {
        const columns = given[index];
        const left = columns === undefined || index === cells.length - 1;
        const taken = given.slice(0, index).reduce((sum, width) => sum + width, before);
        const room = left ? widthOf(look) - taken : columns - 1;
        const words = cut(look, cell, room + (index === 0 ? extra : 0));
        return left ? words : padded(words, columns + (index === 0 ? extra : 0));
      })
      .join('')
      .trimEnd();
  const lines = rows.map(({ sign, cells }) =>
    `${' '.repeat(indent)}${signText(look, sign)}${cellsOf(cells, 0)}`.trimEnd(),
  );
  return heading === undefined ? lines : [cellsOf(heading, before), ...lines];
}

/** What stands in the way, then what to do: two lines or more, the sentences whole. */
export function reasonLines(
  look: Look,
  reason: Reason,
  { sign = 'warning', label, indent = 2, labelColumns = 32 }: Omit<Line, 'text' | 'tookMs'>,
): string[] {
  const words = wordsOf(reason, look.language);
  const before = indent + signColumns(look) + 1;
  const room = widthOf(look) - before - labelColumns;
  const block = (start: string, name: string, text: string) =>
    wrapped(shown(text), room).map((part, index) =>
      index === 0
        ? start + padded(cut(look, name, labelColumns - 2), labelColumns) + part
        : ' '.repeat(before + labelColumns) + part,
    );
  return [
    ...block(' '.repeat(indent) + signText(look, sign), label, words.reason),
    ...block(' '.repeat(before), WORDS[look.language].toFix, words.remedy),
  ];
}

export interface Running {
  readonly done: number;
  readonly total: number;
  /** `done` and `total` are bytes. */
  readonly bytes?: boolean;
  /** What it is at, e.g. the name of an app. */
  readonly text?: string;
  /** As in a Line. */
  readonly labelColumns?: number;
}

/** `● Send                 ━━━━━━━━━━━━━━━━━━━━╸─────────  1.3 of 1.9 MB`; only the label when nobody knows how far it is. */
export function runningLine(look: Look, label: string, running?: Running): string {
  if (running === undefined) return line(look, { sign: 'running', label });
  const { done, total, bytes = false, text, labelColumns = LABEL_COLUMNS } = running;
  const count = bytes
    ? sizeOfSize(done, total, look.language)
    : share(done, total, look.language).padStart(share(total, total, look.language).length);
  const words = text === undefined ? count : `${count}  ${text}`;
  const used = signColumns(look) + 1 + labelColumns;
  const start = signText(look, 'running') + padded(cut(look, label, labelColumns - 1), labelColumns);
  return `${start}${bar(look, done, total)}  ${cut(look, words, widthOf(look) - used - BAR_CELLS - 2)}`;
}

/** A bar of `cells` columns that is full when `done` reaches `total`; nothing to do counts as done. */
export function bar(look: Look, done: number, total: number, cells = BAR_CELLS): string {
  const part = total <= 0 ? 1 : Math.min(1, Math.max(0, done / total));
  const halves = Math.floor(part * cells * 2);
  const full = Math.floor(halves / 2);
  const tip = halves % 2 === 1;
  const rest = cells - full - (tip ? 1 : 0);
  if (!isUnicode(look)) return `${'#'.repeat(full)}${tip ? '=' : ''}${'-'.repeat(rest)}`;
  return coloured(look, `${'━'.repeat(full)}${tip ? '╸' : ''}`, COLOURS.running) + '─'.repeat(rest);
}

/** "12 of 18". */
export function share(done: number, total: number, language: Language): string {
  return `${done} ${WORDS[language].of} ${total}`;
}

/** "412 bytes", "1.3 MB", in German "1,3 MB"; thousands, not 1,024. */
export function sizeWords(bytes: number, language: Language): string {
  const { unit, value } = sized(bytes, bytes, language);
  return `${value} ${unit}`;
}

/** "0.4 s", "12 s", "3 min 12 s", "1 h 5 min". */
export function durationWords(milliseconds: number, language: Language): string {
  const seconds = milliseconds / 1000;
  if (seconds < 9.95) return `${decimal(seconds, language)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

export interface Progress {
  /** How far a step is: redraws in place on a terminal, says nothing elsewhere. */
  running(label: string, running?: Running): void;
  /** A step that ended, or anything else worth a line. */
  line(line: Line): void;
  /** Clears what is drawn in place; call it before anything else is printed. */
  end(): void;
}

/** Whether a long command says nothing before its result: piped, or with --json. */
export function isQuiet({ isTerminal }: Pick<Out, 'isTerminal'>, json = false): boolean {
  return json || !isTerminal;
}

/** Progress on standard error: in place on a terminal, otherwise one line for each step that ended; none when `quiet`. */
export function progressOn(out: Out, quiet = false): Progress {
  let drawn = '';
  const clear = () => {
    if (drawn !== '') out.progress('\r\u001b[K');
    drawn = '';
  };
  return {
    running(label, running) {
      const text = runningLine(out, label, running);
      if (quiet || !out.isTerminal || text === drawn) return;
      out.progress(`\r${text}\u001b[K`);
      drawn = text;
    },
    line(ended) {
      clear();
      if (!quiet) out.note(line(out, ended));
    },
    end: clear,
  };
}

function signText(look: Look, sign: Line['sign']): string {
  const columns = signColumns(look);
  if (sign === undefined) return ' '.repeat(columns + 1);
  if (typeof sign === 'object') return `${padded(sign.text, columns)} `;
  const text = look.signs[sign];
  return `${coloured(look, text, COLOURS[sign])}${' '.repeat(columns - columnsOf(text) + 1)}`;
}

/** The widest sign: 1 column, or 2 in plain ASCII. */
function signColumns({ signs }: Look): number {
  return Math.max(...Object.values(signs).map((sign: string) => columnsOf(sign)));
}

function coloured({ colour }: Look, text: string, code: number | undefined): string {
  return colour && code !== undefined && text !== '' ? `\u001b[38;5;${code}m${text}\u001b[39m` : text;
}

function cut(look: Look, text: string, columns: number): string {
  return cutMiddle(shown(text), columns, isUnicode(look) ? '…' : '...');
}

function isUnicode({ signs }: Look): boolean {
  return signs.done !== 'ok';
}

function widthOf({ columns }: Look): number {
  return Math.min(columns, MAX_COLUMNS);
}

/** Each column as wide as its widest cell and a gap, none wider than its share when they do not fit. */
function neededWidths(rows: readonly TableRow[], room: number): number[] {
  const count = Math.max(0, ...rows.map(({ cells }) => cells.length));
  const widest = Array.from({ length: count }, (_, index) =>
    Math.max(0, ...rows.map(({ cells }) => columnsOf(shown(cells[index] ?? '')))),
  );
  const needed = widest.slice(0, -1).map((columns) => columns + 2);
  const fits = needed.reduce((sum, columns) => sum + columns, widest.at(-1) ?? 0) <= room;
  return fits ? needed : needed.map((columns) => Math.min(columns, Math.floor(room / count)));
}

/** `1.3 of 1.9 MB`: both in the unit of the whole. */
function sizeOfSize(done: number, total: number, language: Language): string {
  const whole = sized(total, total, language);
  return `${sized(done, total, language).value} ${WORDS[language].of} ${whole.value} ${whole.unit}`;
}

function sized(bytes: number, scale: number, language: Language): { readonly value: string; readonly unit: string } {
  if (scale < 1000) return { value: String(bytes), unit: language === 'de' ? 'Bytes' : 'bytes' };
  const [unit, size] = scale < 999_950 ? ['kB', 1e3] : scale < 999_950_000 ? ['MB', 1e6] : ['GB', 1e9];
  return { value: decimal(bytes / size, language), unit };
}

function decimal(value: number, language: Language): string {
  return value.toFixed(1).replace('.', WORDS[language].decimal);
}
