/** A service in memory behind the Graph interface: answers by method and path, and remembers what it was sent. */

import type { Graph, GraphPage, GraphRequest } from '../src/shared/graph.ts';
import type { Rendered } from './render.tsx';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly request: GraphRequest;
}

/** Keyed "GET /v1.0/users"; a function is called with the request, and may throw a KnownError. */
export type Answers = Readonly<Record<string, unknown>>;

export interface MemoryGraph extends Graph {
  readonly asked: readonly Asked[];
  /** Lets answers come in, and those that they lead to, until none is on its way. */
  answered(page: Pick<Rendered, 'until' | 'settle'>): Promise<void>;
}

/** An answer is passed on in one turn, and what it leads to is asked in the next. */
const QUIET_TURNS = 3;

export function memoryGraph(answers: Answers): MemoryGraph {
  const asked: Asked[] = [];
  let onTheWay = 0;
  const answer = async <Answer>(method: string, path: string, request: GraphRequest = {}): Promise<Answer> => {
    asked.push({ method, path, request });
    onTheWay += 1;
    try {
      const key = `${method} ${path}`;
      if (!Object.hasOwn(answers, key)) throw new Error(`Nothing in memory answers ${key}`);
      const found = answers[key];
      return (await (typeof found === 'function' ? found(request) : found)) as Answer;
    } finally {
      onTheWay -= 1;
    }
  };
  return {
    asked,
    async answered(page) {
      for (let quiet = 0; quiet < QUIET_TURNS; quiet = onTheWay === 0 ? quiet + 1 : 0) {
        await page.until(() => onTheWay === 0);
        // Timers of 0 ms fire in their order: the query library's, which passes the answer on, comes before this one.
        await page.settle(() => new Promise<void>((turned) => setTimeout(turned, 0)));
      }
    },
    get: (path, request) => answer('GET', path, request),
    page: <Item>(path: string, request?: GraphRequest) => answer<GraphPage<Item>>('GET', path, request),
    all: async <Item>(path: string, request?: GraphRequest) =>
      (await answer<GraphPage<Item>>('GET', path, request)).value,
    send: answer,
  };
}
