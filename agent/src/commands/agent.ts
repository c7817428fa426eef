/**
 * What every command is given: the machine, the state, the service, and where its words go.
 *
 * A command is a file of this folder named like its word (`run-due` is run-due.ts) that exports
 *
 *   export async function run(args: readonly string[], agent: Agent): Promise<void>
 *
 * `args` is what stood after the word; `parsed(word, args)` of words.ts reads it. A command that could not do what was
 * asked throws a KnownError, whose code decides the exit code; one that did returns.
 *
 * The parts that cost time or memory to load are functions, so that a run pays only for what it uses.
 */

import type { DeviceFacts } from '@carryover/model/device';
import type { Builds } from '@carryover/model/eligibility';
import type { Language } from '@carryover/model/reasons';
import type { Catalog } from '@carryover/model/setting';
import type { Client } from '../client/client.ts';
import type { Config } from '../config.ts';
import type { State } from '../state/state.ts';
import type { System } from '../system/system.ts';

export interface Agent {
  readonly system: System;
  readonly state: State;
  readonly config: Config;
  readonly out: Out;
  catalog(): Promise<Catalog>;
  /** The lowest versions that may back up and restore; data of the catalog. */
  builds(): Promise<Builds>;
  /** What this device says of itself. */
  device(): Promise<DeviceFacts>;
  /** Errors: notEnrolled when this device is not. */
  client(options?: AgentClientOptions): Promise<Client>;
}

export interface AgentClientOptions {
  /** May the person be asked to sign in, in a browser, when a request needs it? Default true; a scheduled run says false. */
  readonly maySignIn?: boolean;
}

/** Standard output holds the result, standard error the progress and remarks. */
export interface Out {
  readonly language: Language;
  /** Whether people watch the progress: standard error is a terminal. */
  readonly isTerminal: boolean;
  readonly colour: boolean;
  readonly columns: number;
  readonly signs: Signs;
  /** A line of the result. */
  line(text: string): void;
  /** A line of progress or a remark. */
  note(text: string): void;
  /** Text as it is, on standard error, for progress that redraws in place. */
  progress(text: string): void;
  /** The result as one line of JSON. */
  json(value: unknown): void;
}

/** One sign before a line says how it went; plain ASCII where the locale is not UTF-8. */
export interface Signs {
  readonly done: string;
  readonly warning: string;
  readonly failed: string;
  readonly same: string;
  readonly change: string;
  readonly running: string;
}
