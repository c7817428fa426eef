/** The door to what the system seals for one person on one PC; behind it is Windows' Data Protection. */

export interface Vault {
  /** Only the same person on the same PC opens it again. */
  seal(content: Uint8Array): Promise<Uint8Array>;
  /** Undefined for what another person or PC sealed, or was changed since. */
  open(sealed: Uint8Array): Promise<Uint8Array | undefined>;
}
