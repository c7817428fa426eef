/**
 * The agent on this PC as the restore page sees it: one function for each request of model/local-pages.ts.
 *
 * Errors: KnownError with the agent's code; serviceUnreachable with inner "localServer" when it does not answer at all,
 * and unauthenticated once this page's one opening is over.
 */

import { ERRORS, type ErrorCode, KnownError } from '@carryover/model/errors';
import {
  type ChoiceBody,
  LOCAL_REQUEST_HEADER,
  type PlanView,
  type PointInTime,
  type RestoreView,
  type SignInPlace,
  type UndoView,
} from '@carryover/model/local-pages';
import type { Language } from '@carryover/model/reasons';

export interface RestoreClient {
  view(language: Language, signal?: AbortSignal): Promise<RestoreView>;
  signIn(): Promise<SignInPlace>;
  check(): Promise<void>;
  points(profileId: string): Promise<readonly PointInTime[]>;
  /** The default offer when `seq` is missing. */
  plan(asked: { readonly profileId: string; readonly seq?: number; readonly language: Language }): Promise<PlanView>;
  choose(choice: ChoiceBody): Promise<void>;
  apply(): Promise<void>;
  undoView(language: Language): Promise<UndoView>;
  undo(): Promise<void>;
  leave(): Promise<void>;
}

export function restoreClient(
  fetch: typeof globalThis.fetch = (...request) => globalThis.fetch(...request),
): RestoreClient {
  const ask = async (method: string, path: string, options: { body?: unknown; signal?: AbortSignal } = {}) => {
    const { body, signal } = options;
    const response = await reached(
      fetch(`/api/${path}`, {
        method,
        headers: { [LOCAL_REQUEST_HEADER]: '1', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal === undefined ? {} : { signal }),
      }),
    );
    if (!response.ok) throw await errorFrom(response);
    return response;
  };
  const get = async <Answer>(path: string, query: Readonly<Record<string, string>>, signal?: AbortSignal) => {
    const response = await ask('GET', `${path}?${new URLSearchParams(query)}`, signal === undefined ? {} : { signal });
    return (await response.json()) as Answer;
  };
  const post = async (path: string) => void (await ask('POST', path));
  return {
    view: (language, signal) => get<RestoreView>('restore', { language }, signal),
    signIn: async () => (await (await ask('POST', 'restore/sign-in')).json()) as SignInPlace,
    check: () => post('restore/check'),
    points: async (profile) => (await get<{ value: PointInTime[] }>('restore/points', { profile })).value,
    plan: ({ profileId, seq, language }) =>
      get<PlanView>('restore/plan', {
        profile: profileId,
        ...(seq === undefined ? {} : { seq: String(seq) }),
        language,
      }),
    choose: async (choice) => void (await ask('PUT', 'restore/choice', { body: choice })),
    apply: () => post('restore/apply'),
    undoView: (language) => get<UndoView>('undo', { language }),
    undo: () => post('undo'),
    leave: () => post('leave'),
  };
}

async function reached(answer: Promise<Response>): Promise<Response> {
  try {
    return await answer;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new KnownError('serviceUnreachable', 'Carryover on this PC does not answer.', {
      inner: 'localServer',
      cause,
    });
  }
}

/** Whether the page itself lost the agent; a service that the agent cannot reach is told in the view. */
export function isLost(error: unknown): boolean {
  return error instanceof KnownError && error.inner === 'localServer';
}

/** Whether the page may ask no more: its cookie is gone or was for another opening. */
export function isEnded(error: unknown): boolean {
  return error instanceof KnownError && error.code === 'unauthenticated';
}

interface Envelope {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly innerError?: { readonly code?: string };
  };
}

async function errorFrom(response: Response): Promise<Error> {
  const { error }: Envelope = await response.json().catch(() => ({}));
  const code = error?.code;
  const message = error?.message ?? `${response.status} ${response.statusText}`;
  if (code === undefined || !isErrorCode(code)) return new Error(message);
  const inner = error?.innerError?.code;
  return new KnownError(code, message, inner === undefined ? {} : { inner });
}

function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERRORS, code);
}
