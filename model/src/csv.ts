/**
 * Rows of a CSV file as spreadsheets write them: comma or semicolon (what those in German write), quotes as in RFC 4180, a
 * byte order mark.
 *
 * Pure. Source: RFC 4180.
 */

export interface CsvRow {
  /** From 1, as a spreadsheet counts: where it begins. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** Rows that hold anything; `openQuoteAt` is the line of a quotation mark that is never closed. Errors: none. */
export function csvRowsFrom(text: string): {
  readonly rows: readonly CsvRow[];
  readonly openQuoteAt: number | undefined;
} {
  const source = text.replace(/^\uFEFF/, '');
  const separator = separatorOf(source);
  const rows: CsvRow[] = [];
  let [line, began, quotedSince] = [1, 1, undefined as number | undefined];
  let [cell, cells] = ['', [] as string[]];
  const endRow = () => {
    cells.push(cell);
    if (cells.some((one) => one.trim() !== '')) rows.push({ line: began, cells });
    [cell, cells] = ['', []];
  };
  for (let index = 0; index < source.length; index += 1) {
    const character = source[index] ?? '';
    if (character === '\n') line += 1;
    if (quotedSince !== undefined) {
      if (character !== '"') cell += character;
      else if (source[index + 1] === '"') {
        cell += '"';
        index += 1;
      } else quotedSince = undefined;
    } else if (character === '"' && cell.trim() === '') {
      cell = '';
      quotedSince = line;
    } else if (character === separator) {
      cells.push(cell);
      cell = '';
    } else if (character === '\n') {
      endRow();
      began = line;
    } else if (character !== '\r') cell += character;
  }
  endRow();
  return { rows, openQuoteAt: quotedSince };
}

/** What stands more often in the line that names the columns. */
function separatorOf(source: string): ',' | ';' {
  const head = source.split(/\r?\n/, 2).find((line) => line.trim() !== '' && !/^version:/i.test(line)) ?? '';
  return head.split(';').length > head.split(',').length ? ';' : ',';
}
