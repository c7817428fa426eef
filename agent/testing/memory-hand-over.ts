/** Hand-over folders in memory, for tests: files with an owner and a time, and nobody but `served` to answer them. */

import type { HandOver, TakenRequest } from '../src/system/hand-over.ts';

export interface MemoryHandOver extends HandOver {
  readonly requests: Map<string, TakenRequest>;
  /** By name; `person` is who may read it. */
  readonly answers: Map<string, { readonly content: string; readonly person: string }>;
}

export interface MemoryHandOverOptions {
  /** Whom what is put belongs to. */
  readonly person: string;
  readonly now: () => Temporal.Instant;
  /** Whether an administrator made them. Default true. */
  readonly there?: boolean;
}

export function memoryHandOver({ person, now, there = true }: MemoryHandOverOptions): MemoryHandOver {
  const requests = new Map<string, TakenRequest>();
  const answers = new Map<string, { readonly content: string; readonly person: string }>();
  let isThere = there;
  return {
    requests,
    answers,
    isThere: async () => isThere,
    async make() {
      isThere = true;
    },
    async remove() {
      isThere = false;
      requests.clear();
      answers.clear();
    },
    async put(name, content) {
      requests.set(name, { kind: 'file', owner: person, names: 1, changedAt: now(), content: Buffer.from(content) });
    },
    withdraw: async (name) => requests.delete(name),
    async answer(name) {
      const found = answers.get(name);
      return found === undefined || found.person !== person ? undefined : Buffer.from(found.content);
    },
    removeAnswer: async (name) => void answers.delete(name),
    waiting: async () => [...requests.keys()].toSorted(),
    async take(name, maxBytes) {
      const taken = requests.get(name);
      requests.delete(name);
      if (taken?.content === undefined || taken.content.length <= maxBytes) return taken;
      return { ...taken, content: undefined };
    },
    reply: async (name, content, reader) => void answers.set(name, { content, person: reader }),
    forgetAnswers: async () => undefined,
  };
}
