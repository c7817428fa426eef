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
import type { Reason } from '@carryover/model/reasons';
import type { PartKind } from '@carryover/model/report';
import type { Category } from '@carryover/model/setting';
import type { CheckIn } from '@carryover/model/wire';
import type { Client } from '../client/client.ts';
import type { ReadFailure } from '../settings/mechanism.ts';
import type { AcknowledgedState, State } from '../state/state.ts';
import type { System } from '../system/system.ts';
import { acknowledge, type Confirmed } from './acknowledge.ts';
import { send } from './changes.ts';
import { fingerprintOf, surroundings } from './fingerprint.ts';
import type { Readers } from './read-device.ts';

export interface BackupInput {
  readonly system: System;
  readonly state: State;
  readonly client: Client;
  /** Asks the service for policy and preferences and keeps the answer (state "service"). */
  readonly checkIn: () => Promise<KnownCheckIn>;
  /** Of the policies written on this device; another than the service was told means asking first. Default: none are. */
  readonly localMark?: () => Promise<string>;
  /** Tells a changed catalog without loading it. */
  readonly catalogFingerprint: string;
  readonly agentVersion: string;
  /** What reads the device: loaded only when something may have changed. */
  readonly readers: () => Promise<Readers>;
  readonly device: () => Promise<DeviceFacts>;
  readonly onStep?: (step: BackupStep) => void;
  /** Stops the backup as long as nothing is on its way to the service; the backup then ends with the signal's reason. */
  readonly signal?: AbortSignal;
}

export type KnownCheckIn = Omit<CheckIn, 'session'>;

export type BackupStep =
  | { readonly step: 'reading' }
  | { readonly step: 'read'; readonly settings: number; readonly apps: number; readonly tookMs: number }
  | { readonly step: 'compare'; readonly changed: number; readonly units: number }
  | { readonly step: 'send'; readonly bytes: number; readonly tookMs: number };

export interface BackupReport extends Confirmed {
  /** What could not be taken along, each with its reason. */
  readonly failures: readonly ReadFailure[];
  /** Items by kind; absent when the device was not read because nothing had changed. */
  readonly kinds?: Readonly<Record<PartKind, number>>;
  readonly captureMs: number;
  readonly uploadMs: number;
}

/** Errors: KnownError notEnrolled, notAllowed (details.reasons says why) or what the service or the network answers. */
export async function backup(input: BackupInput): Promise<BackupReport> {
  const { state } = input;
  const service = await state.read('service');
  // What was off last time may be on by now, and only asking tells; so it is with what the service was not told yet.
  const isOutOfDate =
    service === undefined ||
    service.checkIn.eligibility.backup.length > 0 ||
    (service.localMark ?? '') !== ((await input.localMark?.()) ?? '');
  const checkIn = isOutOfDate ? await input.checkIn() : service.checkIn;
  try {
    const report = await backupUnder(checkIn, input);
    // The service has a newer policy: known in time for the next run, at the price of one request now.
    if (report.policyVersion > checkIn.policy.version) await input.checkIn();
    return report;
  } catch (error) {
    if (!isOutdated(error)) throw error;
    // What is switched off by now must not be in the capture.
    return await backupUnder(await input.checkIn(), input);
  }
}

/** Policy, preferences, the person's digest key or the profile are not any more what they were when we asked last. */
const OUTDATED = ['policy', 'wrongMac', 'profileDeleted'];

function isOutdated(error: unknown): boolean {
  return error instanceof KnownError && OUTDATED.includes(error.inner ?? '');
}

async function backupUnder(checkIn: KnownCheckIn, input: BackupInput): Promise<BackupReport> {
  const categories = allowedCategories(checkIn);
  input.signal?.throwIfAborted();
  const acknowledged = await input.state.read('acknowledged');
  const now = acknowledged && (await fingerprintOf(input.system, acknowledged.watched, surroundings(input, checkIn)));
  const known = acknowledged?.fingerprint === now ? acknowledged : undefined;
  const sent = known && (await sendAgain(known, checkIn, input));
  if (sent !== undefined) return sent;
  const { captureAndSend } = await import('./capture-and-send.ts');
  return captureAndSend(categories, checkIn, input);
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
    profileId: checkIn.profileId,
  };
  try {
    const sent = await send(client, outgoing, acknowledged, now);
    const report = await acknowledge(state, sent, acknowledged);
    return { ...report, captureMs: 0, uploadMs: system.monotonicMs() - startMs, failures: [] };
  } catch (error) {
    if (error instanceof KnownError && error.code === 'conflict' && !isOutdated(error)) return undefined;
    throw error;
  }
}

/** The reasons travel as data: who shows the error says each in the person's language, with its remedy. */
function notAllowed(sentence: string, reasons: readonly Reason[]): KnownError {
  return new KnownError('notAllowed', sentence, { details: { reasons } });
}
