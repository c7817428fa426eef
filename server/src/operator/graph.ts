/**
 * Graph as an operator command sees it: ordinary requests with the administrator's token, renewed when it is old.
 *
 * A refusal comes back as the KnownError that the service threw.
 */

import { ERRORS, type ErrorCode, KnownError } from '@carryover/model/errors';
import { type KeptSignIn, keepSignIn, readSignIn } from './kept-sign-in.ts';
import { reasonOf, renewed } from './sign-in.ts';

/** Renewed this long before it runs out, in milliseconds. */
const MARGIN_MS = 60_000;

export interface Graph {
  readonly signIn: KeptSignIn;
  /** `path` begins with /v1.0 or /beta. Errors: as the service says; serviceUnreachable. */
  get<Answer>(path: string): Promise<Answer>;
  /** All pages. */
  list<Item>(path: string): Promise<Item[]>;
  send<Answer = void>(method: 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<Answer>;
}

/** Errors: unauthenticated when nobody is signed in or the sign-in is over. */
export async function openGraph(file: string): Promise<Graph> {
  const signIn = await freshSignIn(file);

  return {
    signIn,
    get: (path) => ask('GET', signIn.serviceUrl + path),
    send: (method, path, body) => ask(method, signIn.serviceUrl + path, body),
    async list<Item>(path: string) {
      const items: Item[] = [];
      for (let url: string | undefined = signIn.serviceUrl + path; url !== undefined; ) {
        const page: Page<Item> = await ask('GET', url);
        items.push(...page.value);
        url = page['@odata.nextLink'];
      }
      return items;
    },
  };

  async function ask<Answer>(method: string, url: string, body?: object): Promise<Answer> {
    const response = await fetch(url, {
      method,
      headers: {
        authorization: `Bearer ${signIn.accessToken}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
    }).catch((error: Error) => {
      throw new KnownError('serviceUnreachable', `The service does not answer: ${reasonOf(error)}.`, { cause: error });
    });
    const text = await response.text();
    if (!response.ok) throw errorFrom(response.status, text);
    return (text === '' ? undefined : JSON.parse(text)) as Answer;
  }
}

interface Page<Item> {
  readonly value: readonly Item[];
  readonly '@odata.nextLink'?: string;
}

async function freshSignIn(file: string): Promise<KeptSignIn> {
  const kept = await readSignIn(file);
  if (kept.expiresAt - MARGIN_MS > Date.now()) return kept;
  try {
    const next = await renewed(kept);
    await keepSignIn(file, next);
    return next;
  } catch (error) {
    // Another command may have renewed it at the same moment: its tokens are as good.
    const other = await readSignIn(file);
    if (other.refreshToken !== kept.refreshToken && other.expiresAt > Date.now()) return other;
    throw error;
  }
}

interface ErrorBody {
  readonly error?: {
    readonly code?: string;
    readonly message?: string;
    readonly innerError?: { readonly code?: string; readonly details?: Readonly<Record<string, unknown>> };
  };
}

function errorFrom(status: number, text: string): KnownError {
  const { error } = bodyFrom(text);
  const code = knownCode(error?.code) ?? (status === 401 ? 'unauthenticated' : 'serviceUnreachable');
  return new KnownError(code, error?.message ?? `The service answered with status ${status}.`, {
    ...(error?.innerError?.code === undefined ? {} : { inner: error.innerError.code }),
    ...(error?.innerError?.details === undefined ? {} : { details: error.innerError.details }),
  });
}

function bodyFrom(text: string): ErrorBody {
  try {
    return JSON.parse(text) as ErrorBody;
  } catch {
    return {};
  }
}

/** Graph's name of a 401 among ours. */
function knownCode(code: string | undefined): ErrorCode | undefined {
  if (code === 'InvalidAuthenticationToken') return 'unauthenticated';
  return code !== undefined && Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : undefined;
}
