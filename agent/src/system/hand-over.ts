/**
 * The door to the folders through which people's programs hand a request to the administrator's task, and get its answer.
 *
 * In the folder of requests people may put files and open their own, but neither list it nor open those of others; in the
 * folder of answers only administrators write, each answer for one person to read. Both are made by an administrator and
 * count only while they belong to one.
 */

export interface HandOver {
  /** Whether the folders are there, are no links, and belong to an administrator. Errors: none. */
  isThere(): Promise<boolean>;
  /**
   * Makes the folders, or puts their access lists right. Safe to repeat.
   * Errors: notAllowed (needsAdministrator); conflict when what lies there belongs to somebody else.
   */
  make(): Promise<void>;
  /** With all that is in them. Fine when there are none. Errors: notAllowed (needsAdministrator). */
  remove(): Promise<void>;

  /** As the person: puts a new file among the requests, whole. Errors: the system's own. */
  put(name: string, content: string): Promise<void>;
  /** As the person: takes it back; false when somebody has taken it already. */
  withdraw(name: string): Promise<boolean>;
  /** As the person: undefined while there is none. */
  answer(name: string): Promise<Uint8Array | undefined>;
  /** Fine when there is none. */
  removeAnswer(name: string): Promise<void>;

  /** As administrator: names of what lies among the requests. Errors: notAllowed (needsAdministrator). */
  waiting(): Promise<readonly string[]>;
  /**
   * As administrator: opens what lies there for itself alone, without following a link, reads at most `maxBytes`, and
   * removes it. Undefined when it is gone, or somebody has it open.
   */
  take(name: string, maxBytes: number): Promise<TakenRequest | undefined>;
  /** As administrator: an answer that `person`, a security identifier, can read and remove. */
  reply(name: string, content: string, person: string): Promise<void>;
  /** As administrator: removes answers that nobody fetched since. */
  forgetAnswers(before: Temporal.Instant): Promise<void>;
}

export interface TakenRequest {
  readonly kind: 'file' | 'link' | 'other';
  /** Security identifier of whom Windows says it belongs to. */
  readonly owner: string;
  /** How many names the file has; more than one says that it also lies elsewhere. */
  readonly names: number;
  readonly changedAt: Temporal.Instant;
  /** Undefined for what is no plain file or has more than the most bytes. */
  readonly content: Uint8Array | undefined;
}
