/**
 * Security identifiers of Windows: their bytes and their text, "S-1-5-21-…".
 *
 * Pure. Source: SID (winnt.h), the security identifier string format, the self-relative SECURITY_DESCRIPTOR.
 */

export function isSecurityId(text: string): boolean {
  return /^S-1-\d{1,14}(?:-\d{1,10}){1,15}$/.test(text);
}

/** Errors: RangeError for bytes that are cut short. */
export function securityIdFrom(bytes: Buffer, at = 0): string {
  const parts = bytes.readUInt8(at + 1);
  const numbers = Array.from({ length: parts }, (_, index) => bytes.readUInt32LE(at + 8 + 4 * index));
  return ['S', bytes.readUInt8(at), bytes.readUIntBE(at + 2, 6), ...numbers].join('-');
}

/** Whom a thing belongs to, out of its self-relative security descriptor; undefined when that does not say. */
export function ownerIn(descriptor: Buffer): string | undefined {
  const at = descriptor.readUInt32LE(4);
  return at === 0 ? undefined : securityIdFrom(descriptor, at);
}
