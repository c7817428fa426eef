/**
 * What a program answers, for a component: asked when it opens, again when what is asked changes, and again and again if
 * wished. What was known stays while the next answer is awaited or does not come.
 *
 * For the pages of this PC, whose one partner is the agent beside them: no cache between pages, no guess about a network.
 */

import { useCallback, useEffect, useReducer, useRef } from 'react';

interface Answered<Value> {
  readonly value: Value | undefined;
  /** Why the last asking did not work; undefined when it did. */
  readonly error: Error | undefined;
  readonly isAsking: boolean;
  /** When the last answer came, and when the last asking failed; epoch milliseconds, 0 for never. */
  readonly answeredAt: number;
  readonly failedAt: number;
}

export interface AnswerOptions<Value> {
  /** Changes when something else is asked; what was known stays until that is answered, too. */
  readonly key: string;
  readonly ask: (signal: AbortSignal) => Promise<Value>;
  /** False: nothing is asked. */
  readonly isOn?: boolean;
  /** In how many milliseconds to ask again; undefined for not by itself. */
  readonly againAfterMs?: (last: Answered<Value>) => number | undefined;
}

export interface Answer<Value> extends Answered<Value> {
  /** Asks now; resolves when it is answered, or when it failed. */
  readonly refresh: () => Promise<void>;
}

export function useAnswer<Value>({ key, ask, isOn = true, againAfterMs }: AnswerOptions<Value>): Answer<Value> {
  const [, draw] = useReducer((count: number) => count + 1, 0);
  const last = useRef<Answered<Value>>(NOTHING);
  const round = useRef<AbortController>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const now = useRef({ ask, againAfterMs });
  now.current = { ask, againAfterMs };

  const refresh = useCallback(async () => {
    clearTimeout(timer.current);
    round.current?.abort();
    const mine = new AbortController();
    round.current = mine;
    const say = (change: Partial<Answered<Value>>) => {
      last.current = { ...last.current, ...change };
      draw();
    };
    say({ isAsking: true });
    try {
      const value = await now.current.ask(mine.signal);
      if (round.current !== mine) return;
      say({ value, error: undefined, isAsking: false, answeredAt: Date.now() });
    } catch (cause) {
      // A later asking took this one's place, or the page is gone.
      if (round.current !== mine) return;
      const error = cause instanceof Error ? cause : new Error(String(cause));
      say({ error, isAsking: false, failedAt: Date.now() });
    }
    const pauseMs = now.current.againAfterMs?.(last.current);
    if (pauseMs !== undefined) timer.current = setTimeout(() => void refresh(), pauseMs);
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another key is another question
  useEffect(() => {
    if (!isOn) return;
    void refresh();
    return () => {
      clearTimeout(timer.current);
      round.current?.abort();
      round.current = undefined;
    };
  }, [key, isOn, refresh]);

  return { ...last.current, refresh };
}

const NOTHING = { value: undefined, error: undefined, isAsking: false, answeredAt: 0, failedAt: 0 };
