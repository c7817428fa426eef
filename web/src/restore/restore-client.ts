/**
 * What the restore page asks of the agent: one function for each request of model/local-pages.ts. Errors: as
 * local-client.ts.
 */

import type {
  ChoiceBody,
  PlanView,
  PointInTime,
  RestoreView,
  SignInPlace,
  UndoView,
} from '@carryover/model/local-pages';
import type { Language } from '@carryover/model/reasons';
import type { AskLocal } from '../shared/local-client.ts';

export interface RestoreClient {
  view(language: Language, signal?: AbortSignal): Promise<RestoreView>;
  signIn(): Promise<SignInPlace>;
  check(): Promise<void>;
  points(profileId: string): Promise<readonly PointInTime[]>;
  /** The default offer when `seq` is missing. */
  plan(asked: { readonly profileId: string; readonly seq?: number; readonly language: Language }): Promise<PlanView>;
  choose(choice: ChoiceBody): Promise<void>;
  apply(): Promise<void>;
  updateSystem(): Promise<void>;
  undoView(language: Language): Promise<UndoView>;
  undo(): Promise<void>;
  leave(): Promise<void>;
}

export function restoreClient(ask: AskLocal): RestoreClient {
  const post = (path: string) => ask<undefined>({ path, method: 'POST' });
  return {
    view: (language, signal) => ask({ path: 'restore', query: { language }, ...(signal && { signal }) }),
    signIn: () => ask({ path: 'restore/sign-in', method: 'POST' }),
    check: () => post('restore/check'),
    points: async (profile) =>
      (await ask<{ value: PointInTime[] }>({ path: 'restore/points', query: { profile } })).value,
    plan: ({ profileId, seq, language }) =>
      ask({
        path: 'restore/plan',
        query: { profile: profileId, ...(seq === undefined ? {} : { seq: String(seq) }), language },
      }),
    choose: async (body) => void (await ask({ path: 'restore/choice', method: 'PUT', body })),
    apply: () => post('restore/apply'),
    updateSystem: () => post('restore/update-system'),
    undoView: (language) => ask({ path: 'undo', query: { language } }),
    undo: () => post('undo'),
    leave: () => post('leave'),
  };
}
