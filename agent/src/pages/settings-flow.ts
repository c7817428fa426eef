/**
 * The settings page's side on the device: what is backed up, backing up now, what is remembered, taking a restore back.
 *
 * One flow for one window. It asks the service when the page opens and again when what it said is old; without it, the
 * page shows what was said last. The flows are those of the commands; nothing is decided here.
 */

import type { DeviceFacts } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import type {
  BackupProgress,
  HistoryLine,
  LocalFault,
  SettingsView,
  SwitchBody,
  UndoneResult,
  UndoView,
} from '@carryover/model/local-pages';
import { type CategoryState, categoryStates, type Preferences } from '@carryover/model/preferences';
import { type Language, wordsOf } from '@carryover/model/reasons';
import { CATEGORIES, type Catalog } from '@carryover/model/setting';
import type { BackupReport, BackupStep } from '../capture/capture.ts';
import type { Client } from '../client/client.ts';
import { keepSwitches, tellSwitches } from '../client/switches.ts';
import { readHistory } from '../history/history.ts';
import { type RestoreInput, undoableRestore, undoPreview } from '../restore/restore.ts';
import { dueHere } from '../state/due-here.ts';
import { knownHere } from '../state/known-here.ts';
import type { State } from '../state/state.ts';
import type { System } from '../system/system.ts';
import { faultFrom } from './fault.ts';
import { backupView, deviceOf, historyLine, switchesOf } from './settings-view.ts';
import { takeLastBack, undoViewOf } from './undo.ts';

export interface SettingsParts {
  readonly system: System;
  readonly state: State;
  readonly agentVersion: string;
  catalog(): Promise<Catalog>;
  device(): Promise<DeviceFacts>;
  /** Never asks anybody to sign in. Errors: notEnrolled. */
  client(): Promise<Client>;
  /** A backup start to end, alone, as the command does it. */
  backUp(options: { onStep(step: BackupStep): void; readonly signal: AbortSignal }): Promise<BackupReport>;
  /** What an undo is given; needs no connection. */
  restoreInput(): Promise<RestoreInput>;
}

export interface SettingsFlow {
  /** Errors: notEnrolled. */
  view(language: Language): Promise<SettingsView>;
  /** Begins; the view tells how it goes. Errors: conflict, inner "anotherRun", when one runs. */
  backUp(): void;
  /** Stops what runs as long as nothing is on its way. Errors: conflict, inner "notRunning". */
  stopBackup(): void;
  /** Errors: notAllowed with the reason when it may not be switched; what the service refuses with. */
  switchTo(body: SwitchBody, language: Language): Promise<void>;
  history(): Promise<HistoryLine[]>;
  /** Errors: itemNotFound, inner "nothingToUndo". */
  undoView(): Promise<UndoView>;
  /** Begins; the view tells how it went. Errors: itemNotFound, inner "nothingToUndo"; conflict, inner "anotherRun". */
  undo(): Promise<void>;
  /** Once nothing runs any more. Errors: a fault of this program. */
  settled(): Promise<void>;
}

/** How old an answer of the service may be before it is asked again, in milliseconds. */
const FRESH_MS = 60_000;

/** How long the page waits for the service before it shows what was said last, in milliseconds. */
const PATIENCE_MS = 1500;

export function settingsFlow(parts: SettingsParts): SettingsFlow {
  const { system, state } = parts;
  let running: { readonly progress: BackupProgress; readonly stop: AbortController } | undefined;
  let result: BackupReport | undefined;
  let fault: LocalFault | undefined;
  let offline: LocalFault | undefined;
  let undone: UndoneResult | undefined;
  let asking: Promise<void> | undefined;
  let askedMs = Number.NEGATIVE_INFINITY;
  let switching: Promise<unknown> = Promise.resolve();
  let moving: Promise<void> | undefined;
  let bug: { readonly error: unknown } | undefined;

  /** One thing at a time. Errors: conflict, inner "anotherRun". */
  function move(work: () => Promise<void>): void {
    if (moving !== undefined)
      throw new KnownError('conflict', 'Something else is running. Wait until it has ended.', { inner: 'anotherRun' });
    moving = work()
      .catch((error: unknown) => {
        fault = faultFrom(error, system.now());
        if (!(error instanceof KnownError)) bug = { error };
      })
      .finally(() => {
        running = undefined;
        moving = undefined;
      });
  }

  /** Asks the service, once at a time; what it says is kept by the client. */
  function ask(): Promise<void> {
    asking ??= contact()
      .then(
        () => {
          offline = undefined;
        },
        (error: unknown) => {
          if (!(error instanceof KnownError)) throw error;
          offline = faultFrom(error, system.now());
        },
      )
      .finally(() => {
        askedMs = system.monotonicMs();
        asking = undefined;
      });
    return asking;
  }

  async function contact(): Promise<void> {
    const client = await parts.client();
    await client.checkIn({ device: await parts.device(), manifestFormat: 1 });
    await tellSwitches(state, client);
  }

  async function backUp(stop: AbortController): Promise<void> {
    const startedAt = system.now().toString({ smallestUnit: 'second' });
    const at = (step: BackupProgress['step']) => {
      running = { progress: { step, startedAt }, stop };
    };
    at('compare');
    [result, fault] = [undefined, undefined];
    try {
      result = await parts.backUp({
        signal: stop.signal,
        onStep: ({ step }) => {
          if (step === 'reading') at('settings');
          else if (step === 'read') at('compare');
          else if (step === 'compare') at('send');
        },
      });
      // The service has been there.
      offline = undefined;
    } catch (error) {
      // Stopped is what the person wanted, and no fault.
      if (!stop.signal.aborted || error !== stop.signal.reason) throw error;
    }
  }

  async function takeItBack(): Promise<void> {
    await state.exclusively(async () => {
      ({ undone } = await takeLastBack(await parts.restoreInput()));
    });
  }

  async function switchOne({ toggle, on }: SwitchBody, language: Language): Promise<void> {
    const service = await state.read('service');
    const to = on ? 'on' : 'off';
    const wanted = CATEGORIES.filter((one) => (toggle === 'preferences' ? one !== 'apps' : one === toggle));
    const states = service === undefined ? [] : categoryStates(service.checkIn.policy, service.checkIn.preferences);
    const open = states.filter(({ category, changeable }) => wanted.includes(category) && changeable);
    if (open.length === 0)
      throw notChangeable(
        states.find(({ category }) => wanted.includes(category)),
        language,
      );
    const switched: Preferences = Object.fromEntries(open.map(({ category }) => [category, to]));
    await keepSwitches(state, switched);
    try {
      const refused = await tellSwitches(state, await parts.client());
      if (refused !== undefined) throw refused;
      offline = undefined;
    } catch (error) {
      if (!(error instanceof KnownError) || (await state.read('switches')) === undefined) throw error;
      offline = faultFrom(error, system.now());
    }
  }

  return {
    async view(language) {
      const enrollment = await state.read('enrollment');
      if (enrollment === undefined) {
        // Says it as every command does.
        await parts.client();
        throw new Error('A client without an enrollment.');
      }
      if (running === undefined && system.monotonicMs() - askedMs > FRESH_MS)
        await atMost(ask(), (await state.read('service')) === undefined ? undefined : PATIENCE_MS);
      const known = await knownHere(state, enrollment, system.now());
      const [said, waiting = {}] = [await dueHere(system, known), await state.read('switches')];
      const [catalog, device, undoable] = [await parts.catalog(), await parts.device(), await undoableRestore(system)];
      const { service } = known;
      const switches = switchesOf(service, waiting);
      const { organization, displayName, userPrincipalName } = enrollment;
      const about = { known, due: said, catalog, switches, running: running?.progress, result, fault, language };
      const restored = undoable?.journal.restore;
      return {
        device: deviceOf(device),
        organization,
        person: { displayName, userPrincipalName },
        agentVersion: parts.agentVersion,
        backup: backupView(about),
        categories: switches,
        ...(undoable === undefined || restored === undefined
          ? {}
          : {
              undo: {
                from: restored.plan.deviceName,
                restoredAt: restored.startedAt,
                until: undoable.until.toString({ smallestUnit: 'second' }),
              },
            }),
        ...(undone === undefined ? {} : { undone }),
        ...(offline === undefined ? {} : { offline }),
        asOf: service?.checkedInAt ?? enrollment.enrolledAt,
      };
    },
    backUp() {
      move(() => backUp(new AbortController()));
    },
    stopBackup() {
      if (running === undefined) throw new KnownError('conflict', 'No backup is running.', { inner: 'notRunning' });
      running.stop.abort(new KnownError('conflict', 'The backup was stopped.', { inner: 'stopped' }));
    },
    async switchTo(body, language) {
      // In the order the person switched.
      const mine = switching.then(() => switchOne(body, language));
      switching = mine.catch(() => undefined);
      await mine;
    },
    history: async () => (await readHistory(system)).toReversed().map(historyLine),
    undoView: async () => undoViewOf(await parts.restoreInput()),
    async undo() {
      // Says that there is nothing before anything begins.
      if ((await undoableRestore(system)) === undefined) await undoPreview(await parts.restoreInput());
      move(takeItBack);
    },
    async settled() {
      while (moving !== undefined) await moving;
      if (bug !== undefined) throw bug.error;
    },
  };
}

async function atMost(work: Promise<void>, patienceMs: number | undefined): Promise<void> {
  if (patienceMs === undefined) return work;
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, patienceMs);
  await Promise.race([work, enough]);
  clearTimeout(timer);
}

function notChangeable(state: CategoryState | undefined, language: Language): KnownError {
  const { reason } = state ?? {};
  const words = reason === undefined ? undefined : wordsOf(reason, language);
  const sentence = words === undefined ? 'This cannot be switched on this PC.' : `${words.reason} ${words.remedy}`;
  const reasons = reason === undefined ? [] : [reason];
  return new KnownError('notAllowed', sentence, {
    details: { reasons },
    ...(reason === undefined ? {} : { inner: reason.code }),
  });
}
