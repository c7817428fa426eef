/** What a page may ask of the agent, as data: method, address, and who answers. Pure. */

import type { Language } from '@carryover/model/reasons';

export interface LocalRequest {
  readonly query: URLSearchParams;
  /** Parsed JSON of the body; undefined when there was none. Nothing is known of its shape. */
  readonly body: unknown;
  /** `?language=` of the page, else the device's. */
  readonly language: Language;
  /** The address as it was asked for, with this server's origin. */
  readonly url: URL;
  /** The server stays until `work` has ended, also when the window is closed. */
  keepOpen(work: Promise<unknown>): void;
}

export type LocalAnswer =
  | { readonly status: 200; readonly body: unknown }
  /** 202: begun, the view tells how it goes. 204: done, nothing to say. */
  | { readonly status: 202 | 204 }
  | { readonly status: 303; readonly location: string };

export interface LocalRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  /**
   * The page comes here by a link of another site, without the cookie and the header: only for a sign-in's return,
   * which must check for itself that it was waited for. Default false.
   */
  readonly open?: true;
  /** Errors: KnownError becomes its envelope; anything else is a fault of this program. */
  handle(request: LocalRequest): Promise<LocalAnswer>;
}

export function answer(body: unknown): LocalAnswer {
  return { status: 200, body };
}

export const BEGUN: LocalAnswer = { status: 202 };
export const NOTHING_TO_SAY: LocalAnswer = { status: 204 };
