/**
 * What Windows tells of the programs that run on it: who runs one, since when, and whose a connection is.
 *
 * What Windows does not tell is undefined, and a caller that guards something takes it for somebody else's.
 */

/** A connection over IPv4, as the accepted socket sees it. */
export interface Connection {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  readonly localAddress?: string | undefined;
  readonly localPort?: number | undefined;
}

export interface Processes {
  /** The number of the program on this PC that opened `connection`. */
  openerOf(connection: Connection): Promise<number | undefined>;
  /** The identifier of the account that a program runs as; the same for an account on every look. */
  accountOf(pid: number): Promise<string | undefined>;
  /** When a program that still runs was started, in Windows' own count. */
  startOf(pid: number): Promise<string | undefined>;
}
