/** Bytes for people: offset, 16 bytes in hex, and the letters among them. */

const WIDTH = 16;

/** Bytes `from` up to `to`, counted from the beginning of `bytes`. */
export function hexDump(bytes: Uint8Array, { from = 0, to = bytes.length }: { from?: number; to?: number }): string {
  const end = Math.min(to, bytes.length);
  const lines: string[] = [];
  for (let at = from; at < end; at += WIDTH) {
    const row = [...bytes.subarray(at, Math.min(at + WIDTH, end))];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const letters = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(8, '0')}  ${hex.padEnd(WIDTH * 3 - 1)}  |${letters}|`);
  }
  return lines.join('\n');
}
