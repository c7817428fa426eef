/**
 * A restore, start to end: choose -> plan -> undo point -> apply -> report; going on with one that was stopped; taking it back.
 *
 * Data moves down this page and never back up; this file is the only one that knows the order. The order is what keeps a
 * person's machine from ever being worse off (invariant 6): the choice is recorded here and at the service before
 * anything is applied, the undo point is on disk before the first change, every step is in the journal.
 */

import { createHmac } from 'node:crypto';
import type { Json } from '@carryover/model/canonical';
import type { DeviceFacts } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import { categoriesOff } from '@carryover/model/preferences';
import { type Language, wordsOf } from '@carryover/model/reasons';
import type { ReportItem } from '@carryover/model/report';
import { occasionAmong, type RestoreOccasion, reasonsAt } from '@carryover/model/restore-occasion';
import type { WantedItem } from '@carryover/model/restore-plan';
import { CATEGORIES, type Catalog, settingIdOf } from '@carryover/model/setting';
import { windowsPlaceIdsOf } from '@carryover/model/windows-codecs';
import type { CheckIn } from '@carryover/model/wire';
import type { Client } from '../client/client.ts';
import type { Elevated, Mechanism, MechanismContext, Outcome } from '../settings/mechanism.ts';
import type { System } from '../system/system.ts';
import { apply } from './apply.ts';
import { chooseProfile } from './choose.ts';
import {
  begin,
  type ChosenBefore,
  durationMsOf,
  forgetOld,
  isOpen,
  isUndone,
  type Journal,
  journals,
  mend,
  outcomesOf,
  record,
  sessionOf,
  UNDO_DAYS,
  undoUntilOf,
} from './journal.ts';
import { type Apps, appsOf, type Places, type Plan, planItems } from './plan.ts';
import { isUnreported, reportItems, sendReport } from './report.ts';
import { saveUndoPoint, type UndoResult, undo, undoable } from './undo.ts';
import { type Here, wantedFrom } from './wanted.ts';

export { UNDO_DAYS };

export interface RestoreInput {
  readonly system: System;
  readonly client: Client;
  readonly checkIn: Pick<CheckIn, 'policy' | 'preferences' | 'eligibility' | 'digestKey'>;
  readonly device: Pick<DeviceFacts, 'platform' | 'osName' | 'build'>;
  readonly catalog: Catalog;
  readonly mechanisms: readonly Mechanism[];
  readonly apps: Apps;
  readonly language: Language;
  /** Its name: reasons say who locked what is locked. */
  readonly organization: string;
  /** Where there is somebody who changes what only an administrator may. */
  readonly elevated?: Elevated;
  /** What it is taken for, best first; the first that holds on this device counts. Undefined: on demand. */
  readonly occasions?: readonly RestoreOccasion[];
  readonly onStep?: (step: RestoreStep) => void;
  /**
   * Called when an app's source cannot be reached: true once it is worth another try, false to give the app up. Without
   * it an app that cannot be fetched has failed.
   */
  readonly whenOffline?: () => Promise<boolean>;
}

export type RestoreStep =
  | { readonly step: 'goingOn'; readonly done: number; readonly total: number }
  | { readonly step: 'undoPoint'; readonly values: number }
  /** The apps that are left wait for a connection, or wait no more. */
  | { readonly step: 'appsWait'; readonly waiting: boolean }
  /** `outcomes` are new; `next` is what is being applied now. */
  | { readonly step: 'apply'; readonly outcomes: readonly Outcome[]; readonly next: readonly string[] };

export interface Selection {
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** A point in time by its number; undefined for the newest good one. */
  readonly seq?: number | undefined;
}

export interface Restored extends Came {
  /** Values that undo can bring back. */
  readonly undoValues: number;
}

/** What came of a restore, as its journal tells at any later time. */
export interface Came {
  readonly plan: Plan;
  readonly items: readonly ReportItem[];
  readonly durationMs: number;
  /** By this device's clock. */
  readonly finishedAt: Temporal.Instant;
  /** Set once it was taken back: how many items, and the titles of those that the person had changed since. */
  readonly undone: { readonly back: number; readonly kept: readonly string[] } | undefined;
  readonly undoUntil: Temporal.Instant;
  /** Whether the service has the report; false: it goes with the next run. */
  readonly reported: boolean;
}

/** Errors: notAllowed with reasons; itemNotFound and invalidRequest for a name; what the service answers. Changes nothing. */
export async function plan(input: RestoreInput, profileName: string, selection: Selection): Promise<Plan> {
  const { client, checkIn } = input;
  mustBeAllowed(checkIn, input.occasions);
  const profile = chooseProfile(await client.listProfiles(), profileName);
  const snapshot = await client.getSnapshot(profile.id, selection.seq ?? profile.defaultSeq);
  const { catalog, device, language, apps } = input;
  const { platform, osName, build } = device;
  const { digestKey } = checkIn;
  const here: Here = {
    catalog,
    platform,
    osName,
    build,
    digestKey,
    language,
    appWords: apps.appWords,
    ...(snapshot.head.manifest.platform === platform ? {} : { held: await heldHere(input, profile.id) }),
  };
  const wanted = await wantedFrom(snapshot, here);
  checkNames([...selection.only, ...selection.skip], wanted.items);
  const off = categoriesOff(checkIn.policy, checkIn.preferences);
  const items = await planItems(wanted, placesFor(input, profile.id, wanted.items), {
    only: selection.only,
    skip: selection.skip,
    off,
    policy: checkIn.policy,
  });
  const { seq, takenAt, withheld } = snapshot.head;
  const { only, skip } = selection;
  return {
    profileId: profile.id,
    deviceName: profile.deviceName,
    seq,
    takenAt,
    only,
    skip,
    withheld,
    withheldBecause: withheld.flatMap((category) => off.get(category) ?? []),
    items,
  };
}

/** Errors: what the service answers before anything is applied; afterwards failures are items of the report. */
export async function restore(input: RestoreInput, chosen: Plan, before: ChosenBefore = {}): Promise<Restored> {
  await forgetOld(input.system, input.system.now());
  return carryOut(input, await begin(input.system, chosen, before));
}

/** What came of the restore that carried a recorded choice out; undefined while it is not finished. */
export async function restoredFor(system: System, choiceId: string): Promise<Came | undefined> {
  const journal = (await journals(system)).findLast(({ restore: { choiceId: of } }) => of === choiceId);
  if (journal === undefined || !journal.lines.some(({ event }) => event === 'finished')) return undefined;
  return restoredFrom(journal, !isUnreported(journal));
}

/** The restore that was stopped before it was finished, if there is one. */
export async function stoppedRestore(system: System): Promise<Journal | undefined> {
  await forgetOld(system, system.now());
  return (await journals(system)).findLast(isOpen);
}

/** Finishes a stopped restore: what is done is not done again. */
export async function goOn(input: RestoreInput, journal: Journal): Promise<Restored> {
  await mend(input.system, journal);
  const total = journal.restore.plan.items.filter(({ step }) => step === 'change').length;
  input.onStep?.({ step: 'goingOn', done: outcomesOf(journal).size, total });
  return carryOut(input, journal);
}

/**
 * Tries once more what failed in the restore of a recorded choice; its undo point stays the one from before the first
 * change. Errors: conflict, inner "nothingToApply", when nothing failed or it was taken back.
 */
export async function tryAgain(input: RestoreInput, choiceId: string): Promise<Restored> {
  const { system } = input;
  const journal = (await journals(system)).findLast(({ restore: { choiceId: of } }) => of === choiceId);
  const failed = journal === undefined ? [] : reportItems(journal).filter(({ status }) => status === 'failed');
  if (journal === undefined || isUndone(journal) || failed.length === 0)
    throw new KnownError('conflict', 'There is nothing to try again.', { inner: 'nothingToApply' });
  await mend(system, journal);
  return carryOut(input, await record(system, journal, { event: 'again' }));
}

async function carryOut(input: RestoreInput, begun: Journal): Promise<Restored> {
  const { system, client, onStep = () => undefined } = input;
  const chosen = begun.restore.plan;
  const places = placesFor(input, chosen.profileId, chosen.items);
  const changing = chosen.items.filter(({ step }) => step === 'change');

  const known = await atService(input, begun);
  const undoValues = await saveUndoPoint(known, changing, places);
  onStep({ step: 'undoPoint', values: undoValues });
  const { whenOffline } = input;
  const applied = await apply(known, places, {
    onStep: (outcomes, next) => onStep({ step: 'apply', outcomes, next }),
    ...(whenOffline === undefined
      ? {}
      : {
          async whenOffline() {
            onStep({ step: 'appsWait', waiting: true });
            const again = await whenOffline();
            onStep({ step: 'appsWait', waiting: false });
            return again;
          },
        }),
  });
  const at = system.now().toString({ smallestUnit: 'second' });
  const finished = await record(system, applied, { event: 'finished', at });
  const reported = await sendReport(system, client, finished);
  return { ...restoredFrom(finished, reported), undoValues };
}

function restoredFrom(journal: Journal, reported: boolean): Came {
  const { restore: begun, lines } = journal;
  const finished = lines.findLast(({ event }) => event === 'finished');
  const undone = lines.find(({ event }) => event === 'undone');
  return {
    plan: begun.plan,
    items: reportItems(journal),
    durationMs: durationMsOf(journal),
    finishedAt: Temporal.Instant.from((finished?.event === 'finished' && finished.at) || begun.startedAt),
    undone: undone?.event === 'undone' ? { back: undone.back, kept: titlesOf(journal, undone.kept) } : undefined,
    undoUntil: undoUntilOf(journal),
    reported,
  };
}

/** The service knows of the choice before anything is applied, and may still say no. */
async function atService(
  { system, client, checkIn, occasions = DEMAND }: RestoreInput,
  journal: Journal,
): Promise<Journal> {
  if (sessionOf(journal) !== undefined) return journal;
  const { profileId, seq, only, skip } = journal.restore.plan;
  const occasion = occasionAmong(occasions, checkIn.eligibility);
  try {
    const { sessionId } = await client.startRestore({
      profileId,
      seq,
      only,
      skip,
      ...(occasion === undefined ? {} : { occasion }),
    });
    return await record(system, journal, { event: 'session', sessionId });
  } catch (error) {
    // Nothing was done yet, so there is nothing to go on with.
    await record(system, journal, { event: 'refused' });
    throw error;
  }
}

export interface UndoPreview {
  readonly journal: Journal;
  readonly back: number;
  /** Titles of what the person changed since. */
  readonly kept: readonly string[];
  readonly apps: number;
}

/** The last restore that can be taken back, if there is one, and until when. */
export async function undoableRestore(
  system: System,
): Promise<{ readonly journal: Journal; readonly until: Temporal.Instant } | undefined> {
  await forgetOld(system, system.now());
  const journal = (await journals(system)).findLast((one) => outcomesBegan(one) && !isUndone(one));
  return journal === undefined ? undefined : { journal, until: undoUntilOf(journal) };
}

/** The last restore that can be taken back, and what that would do. Errors: itemNotFound when there is none. */
export async function undoPreview(input: RestoreInput): Promise<UndoPreview> {
  const { journal } = (await undoableRestore(input.system)) ?? {};
  if (journal === undefined)
    throw new KnownError('itemNotFound', 'There is no restore to undo. One can be undone for 30 days.', {
      inner: 'nothingToUndo',
    });
  const { back, kept } = await undoable(
    journal,
    placesFor(input, journal.restore.plan.profileId, journal.restore.plan.items),
  );
  const installed = [...outcomesOf(journal).values()].filter(({ status }) => status === 'applied');
  const apps = installed.filter(({ itemId }) => kindIn(journal, itemId) === 'app').length;
  return { journal, back, kept: titlesOf(journal, kept), apps };
}

/** Takes a restore back; one that was stopped is not gone on with afterwards. */
export async function takeBack(
  input: RestoreInput,
  journal: Journal,
): Promise<{ back: number; kept: readonly string[]; failed: readonly string[]; reported: boolean }> {
  const { system, client } = input;
  await mend(system, journal);
  const result: UndoResult = await undo(
    journal,
    placesFor(input, journal.restore.plan.profileId, journal.restore.plan.items),
  );
  const [back, kept, failed] = [result.back.length, titlesOf(journal, result.kept), titlesOf(journal, result.failed)];
  // Something could not be brought back: the undo point stays open for another try.
  if (failed.length > 0) return { back, kept, failed, reported: false };
  const undone = await record(system, journal, { event: 'undone', back, kept: result.kept });
  return { back, kept, failed, reported: await sendReport(system, client, undone) };
}

/** What this device holds in settings that mean something on another platform: kept where it means the same. */
async function heldHere(input: RestoreInput, profileId: string): Promise<Map<string, Json>> {
  const { catalog, mechanisms } = input;
  const { context } = placesFor(input, profileId, []);
  const meant = new Set(
    catalog.settings.flatMap((setting) =>
      setting.neutral?.windows === undefined ? [] : [setting.id, ...windowsPlaceIdsOf(setting)],
    ),
  );
  const settings = catalog.settings.filter(({ id }) => meant.has(id));
  const results = await Promise.all(mechanisms.map((mechanism) => mechanism.read(context, settings)));
  return new Map(results.flatMap(({ items }) => items.map(({ itemId, raw }) => [itemId, raw] as const)));
}

/** A name that fits nothing would silently leave everything out, or nothing. */
function checkNames(names: readonly string[], items: readonly WantedItem[]): void {
  const known = new Set<string>([...CATEGORIES, ...items.flatMap(({ id }) => [id, settingIdOf(id)])]);
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const sentence = `The backup has nothing called ${unknown.map((name) => `"${name}"`).join(', ')}.`;
  throw new KnownError(
    'invalidRequest',
    `${sentence} Categories are ${CATEGORIES.join(', ')}; items: carryover plan --all`,
    {
      inner: 'noSuchItem',
      details: { names: unknown },
    },
  );
}

function placesFor(
  { system, client, checkIn, catalog, mechanisms, apps, organization, elevated }: RestoreInput,
  profileId: string,
  items: Parameters<typeof appsOf>[0],
): Places {
  const key = Buffer.from(checkIn.digestKey, 'hex');
  const blobIdOf = (content: Uint8Array) => createHmac('sha256', key).update(content).digest('hex');
  const context: MechanismContext = {
    system,
    catalog,
    organization,
    ...(elevated === undefined ? {} : { elevated }),
    blobIdOf,
    async blob(blobId) {
      const content = await client.getBlob(profileId, blobId);
      if (blobIdOf(content) === blobId) return content;
      throw new KnownError('invalidRequest', wordsOf({ code: 'damaged' }).reason, { inner: 'damaged' });
    },
  };
  const appsContext = { system, allowedSources: checkIn.policy.allowedAppSources, snapshot: appsOf(items) };
  return { context, mechanisms, apps, appsContext };
}

function outcomesBegan({ lines }: Journal): boolean {
  return lines.some(({ event }) => event === 'begin');
}

function kindIn({ restore: { plan: chosen } }: Journal, itemId: string) {
  return chosen.items.find(({ id }) => id === itemId)?.kind;
}

function titlesOf({ restore: { plan: chosen } }: Journal, ids: readonly string[]): string[] {
  return chosen.items.filter(({ id }) => ids.includes(id)).map(({ title }) => title);
}

const DEMAND: readonly RestoreOccasion[] = ['demand'];

/**
 * The first of the occasions on which this device may restore.
 *
 * Errors: notAllowed with every reason why nothing is offered on the last of them, which is the one that can still come.
 * The reasons travel as data: who shows the error says each in the person's language, with its remedy.
 */
export function mustBeAllowed(
  { eligibility }: Pick<CheckIn, 'eligibility'>,
  occasions: readonly RestoreOccasion[] = DEMAND,
): RestoreOccasion {
  const occasion = occasionAmong(occasions, eligibility);
  if (occasion !== undefined) return occasion;
  const reasons = reasonsAt(occasions.at(-1) ?? 'demand', eligibility);
  throw new KnownError('notAllowed', 'Restore is not possible on this PC.', { details: { reasons } });
}
