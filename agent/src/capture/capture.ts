/**
 * A backup, start to end: may we -> did anything change -> read this device -> group into units -> send what changed.
 *
 * Data moves down this page and never back up. Each step is one function with plain values in and out; this file is
 * the only one that knows their order. Nothing outside Carryover's own state folder is written (invariant 5).
 *
 * An unchanged device costs a look at its files and one request: what reads the device is not even loaded.
 */

import type { DeviceFacts } from '@carryover/model/device';
import { KnownError } from '@carryover/model/errors';
import { categoriesOn } from '@carryover/model/preferences';
import { type Reason, wordsOf } from '@carryover/model/reasons';
import { kindOf, type PartKind } from '@carryover/model/report';
import type { Category } from '@carryover/model/setting';
import { APPS_PAYLOAD_TYPE } from '@carryover/model/unit';
import type { CheckIn } from '@carryover/model/wire';
import type { Client } from '../client/client.ts';
import type { ReadFailure } from '../settings/mechanism.ts';
import type { AcknowledgedState, AlarmState, State } from '../state/state.ts';
import type { System } from '../system/system.ts';
import { type Sent, send } from './changes.ts';
import { fingerprintOf, picturesOf, placesToWatch } from './fingerprint.ts';
import { manifestFrom } from './manifest.ts';
import { type DeviceContents, type Readers, readDevice, settingsToRead } from './read-device.ts';
import { unitsFrom } from './units.ts';

export interface BackupInput {
  readonly system: System;
  readonly state: State;
  readonly client: Client;
  /** Asks the service for policy and preferences and keeps the answer (state "service"). */
  readonly checkIn: () => Promise<KnownCheckIn>;
  /** Tells a changed catalog without loading it. */
  readonly catalogFingerprint: string;
  readonly appsFingerprint: (system: System) => Promise<string>;
  readonly agentVersion: string;
  /** What reads the device: loaded only when something may have changed. */
  readonly readers: () => Promise<Readers>;
  readonly device: () => Promise<DeviceFacts>;
  readonly onStep?: (step: BackupStep) => void;
}

export type KnownCheckIn = Omit<CheckIn, 'session'>;

export type BackupStep =
  | { readonly step: 'reading' }
  | { readonly step: 'read'; readonly settings: number; readonly apps: number; readonly tookMs: number }
  | { readonly step: 'compare'; readonly changed: number; readonly units: number }
  | { readonly step: 'send'; readonly bytes: number; readonly tookMs: number };

export interface BackupReport {
  readonly seq: number;
  readonly lastBackupAt: string;
  readonly policyVersion: number;
  /** Nothing had changed, and nothing but the manifest was sent. */
  readonly unchanged: boolean;
  readonly settingCount: number;
  readonly appCount: number;
  readonly categories: readonly Category[];
  /** Payload types whose content was sent. */
  readonly sentUnits: readonly string[];
  readonly sentBytes: number;
  /** What could not be taken along, each with its reason. */
  readonly failures: readonly ReadFailure[];
  /** Items by kind; absent when the device was not read because nothing had changed. */
  readonly kinds?: Readonly<Record<PartKind, number>>;
  readonly captureMs: number;
  readonly uploadMs: number;
  readonly alarm?: AlarmState;
}

/** Errors: KnownError notEnrolled, notAllowed (details.reasons says why) or what the service or the network answers. */
export async function backup(input: BackupInput): Promise<BackupReport> {
  const { state } = input;
  let checkIn = (await state.read('service'))?.checkIn;
  // What was off last time may be on by now, and only asking tells.
  if (checkIn === undefined || checkIn.eligibility.backup.length > 0) checkIn = await input.checkIn();
  try {
    const report = await backupUnder(checkIn, input);
    // The service has a newer policy: known in time for the next run, at the price of one request now.
    if (report.policyVersion > checkIn.policy.version) await input.checkIn();
    return report;
  } catch (error) {
    if (!(error instanceof KnownError) || error.code !== 'accessDenied' || error.inner !== 'policy') throw error;
    // Policy or preferences changed since we asked: what is now switched off must not be in the capture.
    return await backupUnder(await input.checkIn(), input);
  }
}

async function backupUnder(checkIn: KnownCheckIn, input: BackupInput): Promise<BackupReport> {
  const categories = allowedCategories(checkIn);
  const acknowledged = await input.state.read('acknowledged');
  const now = acknowledged && (await fingerprint(input, acknowledged.watched, checkIn));
  const known = acknowledged?.fingerprint === now ? acknowledged : undefined;
  return (known && (await sendAgain(known, checkIn, input))) ?? captureAndSend(categories, checkIn, input);
}

/** Errors: notAllowed with every reason and its remedy. */
function allowedCategories({ eligibility, policy, preferences }: KnownCheckIn): Category[] {
  if (eligibility.backup.length > 0) throw notAllowed('Backup is not possible on this PC.', eligibility.backup);
  const categories = categoriesOn(policy, preferences);
  const off: Reason = { code: 'nothingRemembered' };
  if (categories.length === 0) throw notAllowed('There is nothing to back up.', [off]);
  return categories;
}

/** The manifest alone; undefined when the service does not know its contents any more, and a capture must tell. */
async function sendAgain(
  acknowledged: AcknowledgedState,
  checkIn: KnownCheckIn,
  { client, state, system }: BackupInput,
): Promise<BackupReport | undefined> {
  const now = system.now();
  const startMs = system.monotonicMs();
  const { previous: _, ...manifest } = acknowledged.manifest;
  const outgoing = {
    manifest: { ...manifest, capturedAt: now.toString({ smallestUnit: 'second' }) },
    units: [],
    digestKey: checkIn.digestKey,
  };
  try {
    const sent = await send(client, outgoing, acknowledged, now);
    const report = await acknowledge(state, sent, acknowledged);
    return { ...report, captureMs: 0, uploadMs: system.monotonicMs() - startMs, failures: [] };
  } catch (error) {
    if (error instanceof KnownError && error.code === 'conflict') return undefined;
    throw error;
  }
}

async function captureAndSend(
  categories: readonly Category[],
  checkIn: KnownCheckIn,
  input: BackupInput,
): Promise<BackupReport> {
  const { system, state, client, onStep = () => undefined } = input;
  const { digestKey } = checkIn;
  onStep({ step: 'reading' });
  const startMs = system.monotonicMs();
  const readers = await input.readers();
  const watchedPlaces = await placesToWatch(system, settingsToRead(readers.catalog, categories));
  const atStart = await fingerprint(input, watchedPlaces, checkIn);

  const contents = await readDevice(system, readers, { categories, digestKey });
  const apps = contents.items.length - contents.found.length;
  onStep({ step: 'read', settings: contents.found.length, apps, tookMs: system.monotonicMs() - startMs });

  const facts = await input.device();
  const about = { catalogVersion: readers.catalog.version, platform: facts.platform, build: facts.build };
  const { units, failures } = unitsFrom(contents.items, { ...about, digestKey });
  const manifest = manifestFrom(units, { facts, catalogVersion: about.catalogVersion, categories, now: system.now() });

  const acknowledged = await state.read('acknowledged');
  const held = new Map(acknowledged?.manifest.units.map(({ payloadType, contentId }) => [payloadType, contentId]));
  const changed = units.filter(({ payloadType, contentId }) => held.get(payloadType) !== contentId).length;
  onStep({ step: 'compare', changed, units: units.length });
  const sendMs = system.monotonicMs();
  const sent = await send(client, { manifest, units, digestKey }, acknowledged, system.now());
  const took = { captureMs: sendMs - startMs, uploadMs: system.monotonicMs() - sendMs };
  onStep({ step: 'send', bytes: sent.sentBytes, tookMs: took.uploadMs });

  // What changed while it was being read is noticed next time: a fingerprint that is no longer true is not kept.
  const settled = atStart === (await fingerprint(input, watchedPlaces, checkIn));
  const watched = [...new Set([...watchedPlaces, ...(await picturesOf(system, contents.found))])].toSorted();
  const fresh = { fingerprint: settled ? await fingerprint(input, watched, checkIn) : '', watched };
  const report = await acknowledge(state, sent, fresh);
  return { ...report, ...took, kinds: kindsOf(contents), failures: [...contents.failures, ...failures] };
}

/** Remembers what the service confirmed; everything before this line can be done again without harm. */
async function acknowledge(
  state: State,
  { receipt, manifest, sentUnits, sentBytes, alarm }: Sent,
  { fingerprint, watched }: Pick<AcknowledgedState, 'fingerprint' | 'watched'>,
): Promise<Omit<BackupReport, 'captureMs' | 'uploadMs' | 'failures'>> {
  const apps = manifest.units.find(({ payloadType }) => payloadType === APPS_PAYLOAD_TYPE)?.settingCount ?? 0;
  const all = manifest.units.reduce((sum, { settingCount }) => sum + settingCount, 0);
  const counts = { settingCount: all - apps, appCount: apps };
  const { seq, mac, lastBackupAt } = receipt;
  const kept = alarm ?? (await state.read('acknowledged'))?.alarm;
  await state.write('acknowledged', {
    seq,
    mac,
    units: Object.fromEntries(manifest.units.map(({ payloadType, contentId }) => [payloadType, contentId])),
    ...counts,
    lastBackupAt,
    fingerprint,
    watched,
    manifest,
    ...(kept === undefined ? {} : { alarm: kept }),
  });
  await state.remove('attempts');
  return {
    seq,
    lastBackupAt,
    policyVersion: receipt.policyVersion,
    unchanged: !receipt.stored,
    ...counts,
    categories: manifest.categories,
    sentUnits,
    sentBytes,
    ...(alarm === undefined ? {} : { alarm }),
  };
}

function kindsOf({ items, found }: DeviceContents): Record<PartKind, number> {
  const kinds = { setting: 0, file: 0, image: 0, app: items.length - found.length };
  for (const { setting } of found) kinds[kindOf(setting)] += 1;
  return kinds;
}

async function fingerprint(
  { system, agentVersion, catalogFingerprint, appsFingerprint }: BackupInput,
  watched: readonly string[],
  checkIn: KnownCheckIn,
): Promise<string> {
  const apps = await appsFingerprint(system);
  return fingerprintOf(system, watched, { agentVersion, catalog: catalogFingerprint, apps, checkIn });
}

function notAllowed(sentence: string, reasons: readonly Reason[]): KnownError {
  const words = reasons.map((reason) => wordsOf(reason)).map(({ reason, remedy }) => `${reason} ${remedy}`);
  return new KnownError('notAllowed', [sentence, ...words].join('\n'), { details: { reasons } });
}
