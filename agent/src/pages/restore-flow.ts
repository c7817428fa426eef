/**
 * The restore page's side on the device: hand-over -> choose -> decided -> running -> done, or what stands in the way.
 *
 * One flow for one window. It never asks and never waits by itself: the page looks at `view` and says what the person
 * did. What was chosen is on disk before anything is applied, and what was applied is in the restore's journal, so that
 * a flow that is killed in any stage is followed by one that begins where this one was.
 */

import type { DeviceFacts } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import type {
  ChoiceBody,
  LocalFault,
  PlanView,
  PointInTime,
  RestoreStage,
  RestoreView,
  UndoneResult,
  UndoView,
  UpdatesView,
} from '@carryover/model/local-pages';
import type { Language } from '@carryover/model/reasons';
import type { RestoreOccasion } from '@carryover/model/restore-occasion';
import type { OfferedProfile } from '@carryover/model/wire';
import type { BegunSignIn } from '../client/sign-in.ts';
import type { DeviceResource } from '../client/tokens.ts';
import { occasionsAtFirst } from '../restore/occasions.ts';
import type { Plan } from '../restore/plan.ts';
import { rememberRestore, resendReports } from '../restore/report.ts';
import {
  type Came,
  goOn,
  plan,
  type RestoreInput,
  type RestoreStep,
  restore,
  restoredFor,
  stoppedRestore,
  tryAgain,
  UNDO_DAYS,
} from '../restore/restore.ts';
import type { ChoiceState } from '../state/state.ts';
import { isMendable } from '../updates/too-old.ts';
import { faultFrom } from './fault.ts';
import { type HandOverParts, handOver } from './hand-over.ts';
import { type InstallParts, installUpdates } from './install-updates.ts';
import { type ChoiceParts, endChoice, recordChoice, tellChoice } from './restore-choice.ts';
import { type Progress, progressOf } from './restore-progress.ts';
import { decidedFrom, isPassing, offerFrom, planViewFrom, pointsFrom, resultFrom } from './restore-views.ts';
import { takeLastBack, undoViewOf } from './undo.ts';

export interface RestoreFlowParts extends Omit<HandOverParts, 'occasions'>, ChoiceParts, InstallParts {
  device(): Promise<DeviceFacts>;
  /** What a restore is given; `current` asks the service first, else what it said last holds. */
  input(asked: {
    readonly current: boolean;
    onStep?(step: RestoreStep): void;
    whenOffline?(): Promise<boolean>;
  }): Promise<RestoreInput>;
  /** Begins the sign-in for a resource; finishing it keeps the tokens, and enrolls this PC when that is what it is for. */
  beginSignIn(resource: DeviceResource, redirectUri: string): Promise<BegunSignInHere>;
  /** Waits until it is worth asking a network again that did not answer, at once when `asked`; false when it is not. */
  pause(asked: AbortSignal): Promise<boolean>;
}

export type BegunSignInHere = Pick<BegunSignIn, 'url' | 'state'> & { finish(returned: URL): Promise<void> };

export interface RestoreFlowOptions {
  readonly mode: RestoreView['mode'];
  /** "ask": what is to come over, also when it was said before. "carryOut": what was said, without a question. */
  readonly goal: 'ask' | 'askOnce' | 'carryOut';
}

export interface RestoreFlow {
  view(): Promise<RestoreView>;
  /** Begins, once; the view tells how far it is. */
  start(): void;
  /** Looks again from the first check that failed. */
  check(): void;
  /** Where the window goes to sign in; it comes back to `redirectUri`. Errors: those of signing in. */
  signIn(redirectUri: string): Promise<URL>;
  /** The window came back. Where it goes on to: another sign-in, or undefined for the page. Errors: none; the view says. */
  signedIn(returned: URL): Promise<URL | undefined>;
  points(profileId: string): Promise<PointInTime[]>;
  /** Titles in the page's language. */
  plan(profileId: string, seq?: number, language?: Language): Promise<PlanView>;
  /** Records a choice; applies nothing. Errors: conflict, itemNotFound, what the service refuses with. */
  choose(body: ChoiceBody): Promise<RestoreView>;
  /** Carries the recorded choice out, or goes on with a restore that was stopped. Errors: conflict, inner "nothingToApply". */
  apply(): Promise<void>;
  /** Installs quality updates, and looks again when they need no restart. Errors: conflict, inner "nothingToUpdate". */
  updateSystem(): void;
  undoView(): Promise<UndoView>;
  undo(): void;
  /** Once nothing moves any more. Errors: a fault of this program. */
  settled(): Promise<void>;
}

/** At most this many sign-ins wait for their return; older ones were left for newer ones. */
const MAX_PENDING = 4;

export function restoreFlow(parts: RestoreFlowParts, { mode, goal }: RestoreFlowOptions): RestoreFlow {
  const { system, state } = parts;
  const hand = handOver({ ...parts, occasions });
  const pending = new Map<string, { readonly begun: BegunSignInHere; readonly resource: DeviceResource }>();
  let carriesOut = goal === 'carryOut';
  let offered: readonly OfferedProfile[] = [];
  let progress: Progress | undefined;
  /** Undefined while the checks are what there is to see. */
  let stage: Exclude<RestoreStage, { kind: 'checking' | 'running' }> | undefined;
  let updates: UpdatesView | undefined;
  let came: Came | undefined;
  let begun = false;
  let moving: Promise<void> | undefined;
  /** Counts what the person decided: what is found out for an earlier question does not take the answer away. */
  let decisions = 0;
  let asked = new AbortController();
  let bug: { readonly error: unknown } | undefined;

  /** One thing at a time; asked again while it moves, it goes on moving. */
  function move(work: () => Promise<void>): void {
    moving ??= work()
      .catch((error: unknown) => {
        stage = { kind: 'blocked', fault: faultFrom(error, system.now()) };
        if (!(error instanceof KnownError)) bug = { error };
      })
      .finally(() => {
        progress = undefined;
        moving = undefined;
      });
  }

  function block(fault: LocalFault): void {
    stage = { kind: 'blocked', fault };
  }

  /** What was chosen before is carried out for what it was chosen for. */
  async function occasions(): Promise<readonly RestoreOccasion[]> {
    const choice = carriesOut ? await state.read('choice') : undefined;
    if (choice?.choice.kind === 'profile' && choice.ended === undefined) return [choice.choice.occasion ?? 'demand'];
    if (mode === 'demand' && goal === 'ask') return ['demand'];
    const atFirst = await occasionsAtFirst(state, system);
    return atFirst.length === 0 ? ['demand'] : atFirst;
  }

  async function begin(): Promise<void> {
    const choice = await state.read('choice');
    if (choice !== undefined && choice.ended === undefined) {
      const before = await restoredFor(system, choice.id);
      if (before !== undefined) {
        await endChoice(parts, choice.id, 'restored');
        return showResult(before);
      }
    }
    if ((await stoppedRestore(system)) !== undefined) return carryOut();
    if (goal === 'ask' || choice === undefined || (goal === 'askOnce' && choice.ended?.what === 'refused'))
      return look();
    if (choice.ended?.what === 'restored') {
      const before = await restoredFor(system, choice.id);
      if (before !== undefined) return showResult(before);
    }
    if (goal === 'carryOut' && choice.ended === undefined && choice.choice.kind === 'profile') return carryOut();
    stage = { kind: 'decided', choice: decidedFrom(choice) };
  }

  function showResult(result: Came, undone?: UndoneResult): void {
    came = result;
    stage = { kind: 'done', result: resultFrom(result, system.now(), undone) };
  }

  async function look(): Promise<void> {
    stage = undefined;
    const before = decisions;
    try {
      const profiles = await hand.look();
      if (profiles === undefined || decisions !== before) return;
      if (carriesOut) return await carryOut();
      offered = profiles;
      stage = { kind: 'choose', offers: profiles.map(offerFrom), undoDays: UNDO_DAYS };
    } catch (error) {
      if (decisions === before) stopped(error);
    }
  }

  function pause(): Promise<boolean> {
    asked = new AbortController();
    return parts.pause(asked.signal);
  }

  /** The checks say what failed; what will not pass by itself is the page's error. */
  function stopped(error: unknown): void {
    if (!(error instanceof KnownError)) throw error;
    const forGood = error.code === 'notAllowed' || (error.code === 'accessDenied' && error.inner !== 'otherPerson');
    if (forGood) block(faultFrom(error, system.now()));
  }

  async function carryOut(): Promise<void> {
    stage = undefined;
    carriesOut = true;
    for (;;) {
      try {
        return await state.exclusively(carryOutAlone);
      } catch (error) {
        progress = undefined;
        if (!(error instanceof KnownError)) throw error;
        if (isPassing(error)) hand.fail('service', error);
        else if (error.code === 'unauthenticated') return hand.fail('backups', error);
        else return refuse(error);
      }
      if (!(await pause())) return;
    }
  }

  /** What the service will not have stays undone, and is not tried at every start. */
  async function refuse(error: KnownError): Promise<void> {
    const choice = await state.read('choice');
    if (choice !== undefined && (await stoppedRestore(system)) === undefined) {
      await endChoice(parts, choice.id, 'refused');
      // Looked at again, there is nothing left to carry out: what there is now is offered.
      carriesOut = false;
    }
    block(faultFrom(error, system.now()));
  }

  async function carryOutAlone(): Promise<void> {
    const hear = (step: RestoreStep) => progress?.hear(step);
    const watch = { onStep: hear, whenOffline: pause };
    const open = await stoppedRestore(system);
    const choice = await state.read('choice');
    if (open !== undefined) {
      progress = progressOf(open.restore.plan, Temporal.Instant.from(open.restore.startedAt));
      const input = await parts.input({ current: false, ...watch });
      await ended(input, await goOn(input, open), open.restore.choiceId);
    } else if (choice?.choice.kind === 'profile' && choice.ended === undefined) {
      progress = progressOf({ deviceName: choice.choice.deviceName, items: [] }, system.now());
      const input = { ...(await parts.input({ current: true, ...watch })), occasions: await occasions() };
      const chosen = await planFor(input, choice.choice);
      const { id: choiceId, sessionId, desktopAt } = choice;
      progress = progressOf(chosen, system.now());
      const before = {
        choiceId,
        ...(sessionId === undefined ? {} : { sessionId }),
        ...(desktopAt === undefined ? {} : { desktopAt }),
      };
      await ended(input, await restore(input, chosen, before), choiceId);
    }
  }

  async function tryOnceMore(choiceId: string): Promise<void> {
    const earlier = came;
    try {
      await state.exclusively(async () => {
        const input = await parts.input({
          current: false,
          onStep: (step) => progress?.hear(step),
          whenOffline: pause,
        });
        const failed = earlier?.items.filter(({ status }) => status === 'failed').map(({ id }) => id) ?? [];
        const items = earlier?.plan.items.filter(({ id }) => failed.includes(id)) ?? [];
        progress = progressOf({ deviceName: earlier?.plan.deviceName ?? '', items }, system.now());
        await ended(input, await tryAgain(input, choiceId), choiceId);
      });
    } catch (error) {
      if (!(error instanceof KnownError)) throw error;
      block(faultFrom(error, system.now()));
    }
  }

  function planFor(input: RestoreInput, choice: ChoiceState['choice'] & { kind: 'profile' }): Promise<Plan> {
    const { profileId, only, skip, seq } = choice;
    return plan(input, profileId, { only, skip, seq });
  }

  async function ended(input: RestoreInput, result: Came, choiceId: string | undefined): Promise<void> {
    await rememberRestore(system, result);
    if (choiceId !== undefined) await endChoice(parts, choiceId, 'restored');
    if (result.reported) await resendReports(system, input.client);
    showResult(result);
  }

  async function takeItBack(): Promise<void> {
    await state.exclusively(async () => {
      const { journal, undone } = await takeLastBack(await parts.input({ current: false }));
      const { choiceId } = journal.restore;
      const result = came ?? (choiceId === undefined ? undefined : await restoredFor(system, choiceId));
      if (result !== undefined) showResult(result, undone);
    });
  }

  /** Another window of the person, or the command line, may have taken it back since. */
  async function lookWhetherUndone(): Promise<void> {
    if (stage?.kind !== 'done' || stage.result.undone !== undefined) return;
    const choice = await state.read('choice');
    const now = choice === undefined ? undefined : await restoredFor(system, choice.id);
    if (now?.undone !== undefined && moving === undefined) showResult(now);
  }

  async function update(): Promise<void> {
    const before = decisions;
    const hear = (how: UpdatesView) => {
      updates = how;
    };
    if ((await installUpdates(parts, hear)) && decisions === before) await look();
  }

  function shownStage(): RestoreStage {
    if (progress !== undefined) return { kind: 'running', progress: progress.view() };
    if (stage === undefined) return { kind: 'checking', checks: hand.checks() };
    return stage.kind === 'blocked' && updates !== undefined ? { ...stage, updates } : stage;
  }

  async function view(): Promise<RestoreView> {
    await lookWhetherUndone();
    const [{ name, osName, platform }, enrollment] = await Promise.all([parts.device(), state.read('enrollment')]);
    const shown = shownStage();
    if (enrollment === undefined) return { device: { name, osName, platform }, mode, stage: shown };
    const { organization, displayName, userPrincipalName } = enrollment;
    return {
      device: { name, osName, platform },
      organization,
      person: { displayName, userPrincipalName },
      mode,
      stage: shown,
    };
  }

  async function begunSignIn(redirectUri: string, resource: DeviceResource): Promise<URL> {
    const begun = await parts.beginSignIn(resource, redirectUri);
    pending.set(begun.state, { begun, resource });
    for (const [oldest] of pending) if (pending.size > MAX_PENDING) pending.delete(oldest);
    return begun.url;
  }

  return {
    view,
    start() {
      if (!begun) move(begin);
      begun = true;
    },
    check() {
      asked.abort();
      move(() => {
        // What did not work is not news any more; what a restart is still needed for is.
        if (updates?.how !== 'restart') updates = undefined;
        return look();
      });
    },
    async signIn(redirectUri) {
      return begunSignIn(redirectUri, (await hand.missing()) ?? 'restore');
    },
    async signedIn(returned) {
      const waiting = pending.get(returned.searchParams.get('state') ?? '');
      // An old tab, or nobody we sent: the page shows what there is.
      if (waiting === undefined) return undefined;
      pending.delete(waiting.begun.state);
      hand.signingIn();
      stage = undefined;
      try {
        await waiting.begun.finish(returned);
        hand.signedIn(waiting.resource);
        const next = await hand.missing();
        if (next !== undefined) return await begunSignIn(new URL('/signed-in', returned).href, next);
        move(look);
      } catch (error) {
        hand.fail('account', error);
        move(async () => stopped(error));
      }
      return undefined;
    },
    async points(profileId) {
      return pointsFrom(await (await parts.client()).listSnapshots(profileId));
    },
    async plan(profileId, seq, language) {
      const input = { ...(await parts.input({ current: false })), occasions: await occasions() };
      const shown = language === undefined ? input : { ...input, language };
      return planViewFrom(await plan(shown, profileId, { only: [], skip: [], seq }));
    },
    async choose(body) {
      if (progress !== undefined || (await stoppedRestore(system)) !== undefined)
        throw new KnownError('conflict', 'A restore is running on this PC. Choose again when it has ended.', {
          inner: 'restoreRuns',
        });
      const choice = await recordChoice(parts, choiceFrom(body, offered, hand.occasion()));
      decisions += 1;
      carriesOut = false;
      stage = { kind: 'decided', choice: decidedFrom(choice) };
      return view();
    },
    async apply() {
      if (mode === 'setup')
        throw new KnownError(
          'conflict',
          'During setup the choice is only recorded. It is carried out at the desktop.',
          {
            inner: 'setupOnlyRecords',
          },
        );
      const choice = await state.read('choice');
      const failed = came?.undone === undefined && came?.items.some(({ status }) => status === 'failed');
      if (stage?.kind === 'done' && failed === true && choice?.ended?.what === 'restored')
        return move(() => tryOnceMore(choice.id));
      const isOpen = choice?.choice.kind === 'profile' && choice.ended === undefined;
      if (!isOpen && (await stoppedRestore(system)) === undefined)
        throw new KnownError('conflict', 'There is no choice to carry out. Choose a backup first.', {
          inner: 'nothingToApply',
        });
      move(carryOut);
    },
    updateSystem() {
      if (stage?.kind !== 'blocked' || !stage.fault.reasons.some(isMendable))
        throw new KnownError('conflict', 'There is nothing here that quality updates could mend. Check again first.', {
          inner: 'nothingToUpdate',
        });
      move(update);
    },
    undoView: async () => undoViewOf(await parts.input({ current: false })),
    undo: () => move(takeItBack),
    async settled() {
      while (moving !== undefined) await moving;
      if (bug !== undefined) throw bug.error;
    },
  };
}

/** Errors: itemNotFound when the backup was not among those offered. */
function choiceFrom(
  body: ChoiceBody,
  offered: readonly OfferedProfile[],
  occasion: RestoreOccasion = 'demand',
): ChoiceState['choice'] {
  if (body.kind === 'new') return { kind: 'new' };
  const { profileId, seq, only, skip } = body;
  const profile = offered.find(({ id }) => id === profileId);
  if (profile === undefined)
    throw new KnownError('itemNotFound', 'There is no such backup of yours. Choose one of those shown.', {
      inner: 'noSuchProfile',
    });
  const { deviceName } = profile;
  return { kind: 'profile', profileId, deviceName, only, skip, occasion, ...(seq === undefined ? {} : { seq }) };
}

/** Tells the service of a choice it could not be told when it was made. Errors: what it refuses with. */
export async function tellLater(parts: ChoiceParts): Promise<void> {
  const choice = await parts.state.read('choice');
  if (choice !== undefined && !choice.told && choice.choice.kind === 'new') await tellChoice(parts, choice);
}
