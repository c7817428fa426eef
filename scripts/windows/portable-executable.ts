/**
 * The headers of a Windows program (PE32+): what of them is changed to make a program of our own out of node.exe.
 *
 * Source: Microsoft, "PE Format".
 */

/** Offsets from the beginning of the optional header, in bytes. */
const CHECKSUM = 64;
const SUBSYSTEM = 68;
/** Address (in the file) and size of the certificates. */
const CERTIFICATES = 144;

const PE32_PLUS = 0x20b;

export const SUBSYSTEMS = { windows: 2, console: 3 } as const;

/** Without a signature: it would be wrong for every program made of this one. Errors: RangeError for no Windows program. */
export function withoutSignature(program: Uint8Array): Uint8Array {
  const copy = Buffer.from(program);
  const header = optionalHeader(copy);
  const at = copy.readUInt32LE(header + CERTIFICATES);
  const bytes = copy.readUInt32LE(header + CERTIFICATES + 4);
  if (at === 0) return copy;
  if (at + bytes !== copy.length) throw new RangeError('The signature is not at the end of this program.');
  copy.writeBigUInt64LE(0n, header + CERTIFICATES);
  copy.writeUInt32LE(0, header + CHECKSUM);
  return copy.subarray(0, at);
}

/** "windows" starts without a console window, as what a schedule runs should. Errors: RangeError for no Windows program. */
export function withSubsystem(program: Uint8Array, subsystem: keyof typeof SUBSYSTEMS): Uint8Array {
  const copy = Buffer.from(program);
  copy.writeUInt16LE(SUBSYSTEMS[subsystem], optionalHeader(copy) + SUBSYSTEM);
  return copy;
}

function optionalHeader(program: Buffer): number {
  const pe = program.length > 0x40 && program.toString('latin1', 0, 2) === 'MZ' ? program.readUInt32LE(0x3c) : -1;
  const header = pe + 24;
  const isPe = pe > 0 && header + 240 < program.length && program.toString('latin1', pe, pe + 4) === 'PE\0\0';
  if (!isPe || program.readUInt16LE(header) !== PE32_PLUS)
    throw new RangeError('This is no 64-bit program of Windows.');
  return header;
}
