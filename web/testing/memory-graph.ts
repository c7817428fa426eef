/** A service in memory behind the Graph interface: answers by method and path, and remembers what it was sent. */

import type { Graph, GraphPage, GraphRequest } from '../src/shared/graph.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly request: GraphRequest;
}

/** Keyed "GET /v1.0/users"; a function is called with the request, and may throw a KnownError. */
export type Answers = Readonly<Record<string, unknown>>;

export function memoryGraph(answers: Answers): Graph & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const answer = async <Answer>(method: string, path: string, request: GraphRequest = {}): Promise<Answer> => {
    asked.push({ method, path, request });
    const key = `${method} ${path}`;
    if (!Object.hasOwn(answers, key)) throw new Error(`Nothing in memory answers ${key}`);
    const found = answers[key];
    return (typeof found === 'function' ? found(request) : found) as Answer;
  };
  return {
    asked,
    get: (path, request) => answer('GET', path, request),
    page: <Item>(path: string, request?: GraphRequest) => answer<GraphPage<Item>>('GET', path, request),
    all: async <Item>(path: string, request?: GraphRequest) =>
      (await answer<GraphPage<Item>>('GET', path, request)).value,
    send: answer,
  };
}
