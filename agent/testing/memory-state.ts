/** The state folder in memory, for tests of the flows. What is written is kept as JSON, as on disk. */

import type { State, StateFiles } from '../src/state/state.ts';

export interface MemoryState extends State {
  readonly files: Map<string, string>;
}

export function memoryState(initial: Partial<StateFiles> = {}): MemoryState {
  const files = new Map(Object.entries(initial).map(([name, value]) => [name, JSON.stringify(value)]));
  let last: Promise<unknown> = Promise.resolve();
  return {
    files,
    read: async (name) => {
      const text = files.get(name);
      return text === undefined ? undefined : JSON.parse(text);
    },
    write: async (name, value) => {
      files.set(name, JSON.stringify(value));
    },
    remove: async (name) => {
      files.delete(name);
    },
    exclusively(work) {
      const next = last.then(work);
      last = next.catch(() => undefined);
      return next;
    },
  };
}
