/**
 * Text in terminal columns: how wide it is, cut to a width, broken into lines.
 *
 * Names of apps and files come from elsewhere: nothing in them may steer the terminal.
 *
 * Pure.
 */

let segmenter: Intl.Segmenter | undefined;

/** Made when a text first needs it: that takes milliseconds, and most texts are plain. */
function graphemesOf(text: string): string[] {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return [...segmenter.segment(text)].map(({ segment }) => segment);
}

/** East Asian wide and full-width signs and pictographs take two columns. */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;
const NARROW_ONLY = /^[\x20-\x7e\xa0-\xac\xae-\u02ff\u2010-\u2027\u2030-\u205e]*$/;

/** Control signs, and those that turn the direction of what follows. */
const STEERING = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

/** Text that can be printed as it is: line breaks and tabs are spaces, whatever else steers a terminal is a dot. */
export function shown(text: string): string {
  return text.replace(/[\t\n\r]+/g, ' ').replace(STEERING, '·');
}

export function columnsOf(text: string): number {
  if (NARROW_ONLY.test(text)) return text.length;
  let columns = 0;
  for (const grapheme of graphemesOf(text)) columns += graphemeColumns(grapheme);
  return columns;
}

/** Padded with spaces to `columns`; longer text stays as it is. */
export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - columnsOf(text)));
}

/** The beginning and the end around an ellipsis when `text` is wider than `columns`: both ends tell names apart. */
export function cutMiddle(text: string, columns: number, ellipsis = '…'): string {
  if (columnsOf(text) <= columns) return text;
  const room = columns - columnsOf(ellipsis);
  if (room <= 0) return fitting(text, columns);
  const end = graphemesOf(text).toReversed();
  return fitting(text, Math.ceil(room / 2)) + ellipsis + reversed(fitting(end, Math.floor(room / 2)));
}

/** Lines of at most `columns`, broken at spaces; a longer word is broken where it must. Never empty. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (let word of text.split(' ').filter(Boolean)) {
    if (line !== '' && columnsOf(line) + 1 + columnsOf(word) > columns) {
      lines.push(line);
      line = '';
    }
    while (columnsOf(word) > columns) {
      const start = fitting(word, columns) || word.slice(0, 1);
      lines.push(start);
      word = word.slice(start.length);
    }
    line = line === '' ? word : `${line} ${word}`;
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

function graphemeColumns(grapheme: string): number {
  if (/^[\p{Mn}\p{Me}\u200b-\u200d\ufeff]+$/u.test(grapheme)) return 0;
  return WIDE.test(grapheme) || grapheme.includes('\ufe0f') ? 2 : 1;
}

/** As many graphemes from the start as fit. */
function fitting(text: string | readonly string[], columns: number): string {
  const graphemes = typeof text === 'string' ? graphemesOf(text) : text;
  let taken = '';
  let used = 0;
  for (const grapheme of graphemes) {
    used += graphemeColumns(grapheme);
    if (used > columns) break;
    taken += grapheme;
  }
  return taken;
}

function reversed(text: string): string {
  return graphemesOf(text).toReversed().join('');
}
