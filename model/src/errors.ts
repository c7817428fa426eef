/**
 * Every error that a caller can act on, with what it means on both sides of the wire.
 *
 * The service answers with the status, the agent ends with the exit code; programs decide by code, never by text.
 * Anything that is not a KnownError is a bug and reaches the outside only as "generalException" with a request id.
 */

/** HTTP status (service) and exit code (agent) of each code. Exit 0 is success, 1 an unexpected fault. */
export const ERRORS = {
  invalidRequest: { status: 400, exit: 2 },
  unauthenticated: { status: 401, exit: 3 },
  accessDenied: { status: 403, exit: 4 },
  itemNotFound: { status: 404, exit: 5 },
  quotaLimitReached: { status: 403, exit: 6 },
  conflict: { status: 409, exit: 7 },
  resourceModified: { status: 412, exit: 8 },
  requestTooLarge: { status: 413, exit: 9 },
  tooManyRequests: { status: 429, exit: 10 },
  storageFull: { status: 507, exit: 11 },
  serviceUnreachable: { status: 503, exit: 12 },
  notEnrolled: { status: 400, exit: 13 },
  notAllowed: { status: 403, exit: 14 },
  partlyDone: { status: 200, exit: 15 },
  missingPart: { status: 500, exit: 16 },
  updateFailed: { status: 500, exit: 17 },
  dataDamaged: { status: 500, exit: 30 },
  deploymentKeyWrong: { status: 500, exit: 31 },
} as const satisfies Record<string, { status: number; exit: number }>;

export type ErrorCode = keyof typeof ERRORS;

export interface KnownErrorOptions extends ErrorOptions {
  /** A narrower cause for programs, e.g. "unitsMissing" under conflict; Graph's innerError.code. */
  readonly inner?: string;
  /** What a program needs to go on, e.g. the missing unit ids. Never a payload or a token. */
  readonly details?: Readonly<Record<string, unknown>>;
}

export class KnownError extends Error {
  override readonly name = 'KnownError';
  readonly code: ErrorCode;
  readonly inner: string | undefined;
  readonly details: Readonly<Record<string, unknown>>;

  /** `message` is shown to people: say what to do, never include a payload or a token. */
  constructor(code: ErrorCode, message: string, options: KnownErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.inner = options.inner;
    this.details = options.details ?? {};
  }
}
