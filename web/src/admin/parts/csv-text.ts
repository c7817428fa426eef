/** The text of a CSV file, whatever wrote it. */

/** UTF-8, or what spreadsheets on Windows wrote before it. */
export function csvTextFrom(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('windows-1252').decode(bytes);
  }
}
