/** What the restore page asks of its flow, as the addresses of local-pages.ts. Bodies are checked here and trusted after. */

import { KnownError } from '@carryover/model/errors';
import type { ChoiceBody, RestoreView, SignInPlace } from '@carryover/model/local-pages';
import type { State } from '../state/state.ts';
import { answer, BEGUN, type LocalRequest, type LocalRoute } from './local-routes.ts';
import { markSeen } from './restore-choice.ts';
import type { RestoreFlow } from './restore-flow.ts';

/** `state` learns that the closing notice was shown. */
export function restoreRoutes(flow: RestoreFlow, state: State): LocalRoute[] {
  const shown = async (view: RestoreView) => {
    if (view.stage.kind === 'done') await markSeen(state);
    return answer(view);
  };
  /** What was begun goes on when the window is closed. */
  const begun = ({ keepOpen }: LocalRequest) => {
    keepOpen(flow.settled());
    return BEGUN;
  };
  return [
    {
      method: 'GET',
      path: '/api/restore',
      async handle(request) {
        // Served beside another page, the flow begins when somebody comes to look at it.
        flow.start();
        begun(request);
        return shown(await flow.view());
      },
    },
    {
      method: 'POST',
      path: '/api/restore/sign-in',
      async handle({ url }) {
        const place: SignInPlace = { url: (await flow.signIn(new URL('/signed-in', url).href)).href };
        return answer(place);
      },
    },
    {
      method: 'GET',
      path: '/signed-in',
      // The state that only the sign-in of this window has says whether it was waited for.
      open: true,
      async handle({ url, keepOpen }) {
        const next = await flow.signedIn(url);
        keepOpen(flow.settled());
        return { status: 303, location: next?.href ?? '/restore' };
      },
    },
    {
      method: 'POST',
      path: '/api/restore/check',
      async handle(request) {
        flow.check();
        return begun(request);
      },
    },
    {
      method: 'GET',
      path: '/api/restore/points',
      handle: async ({ query }) => answer({ value: await flow.points(named(query, 'profile')) }),
    },
    {
      method: 'GET',
      path: '/api/restore/plan',
      async handle({ query, language }) {
        const seq = query.get('seq') ?? undefined;
        return answer(
          await flow.plan(named(query, 'profile'), seq === undefined ? undefined : pointFrom(seq), language),
        );
      },
    },
    {
      method: 'PUT',
      path: '/api/restore/choice',
      handle: async ({ body }) => answer(await flow.choose(choiceBodyFrom(body))),
    },
    {
      method: 'POST',
      path: '/api/restore/apply',
      async handle(request) {
        await flow.apply();
        return begun(request);
      },
    },
    {
      method: 'POST',
      path: '/api/restore/update-system',
      async handle(request) {
        flow.updateSystem();
        return begun(request);
      },
    },
    { method: 'GET', path: '/api/undo', handle: async () => answer(await flow.undoView()) },
    {
      method: 'POST',
      path: '/api/undo',
      async handle(request) {
        flow.undo();
        return begun(request);
      },
    },
  ];
}

function named(query: URLSearchParams, name: string): string {
  const value = query.get(name);
  if (value === null || value === '') throw new KnownError('invalidRequest', `"${name}" is missing.`);
  return value;
}

function pointFrom(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new KnownError('invalidRequest', '"seq" is the number of a backup.');
  return Number(text);
}

const MAX_NAMES = 5000;

/** Errors: invalidRequest. */
function choiceBodyFrom(body: unknown): ChoiceBody {
  const { kind, profileId, seq, only, skip } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >;
  if (kind === 'new') return { kind };
  const isChoice =
    kind === 'profile' &&
    typeof profileId === 'string' &&
    (seq === undefined || (Number.isSafeInteger(seq) && Number(seq) > 0)) &&
    isNames(only) &&
    isNames(skip);
  if (!isChoice) throw new KnownError('invalidRequest', 'This is no choice of a backup, and not "new" either.');
  return { kind, profileId, only, skip, ...(seq === undefined ? {} : { seq: Number(seq) }) };
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.length <= MAX_NAMES && value.every((name) => typeof name === 'string');
}
