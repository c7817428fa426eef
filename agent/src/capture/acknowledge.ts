/** Remembers what the service confirmed, and gives what is to be said about it. */

import type { Category } from '@carryover/model/setting';
import { APPS_PAYLOAD_TYPE } from '@carryover/model/unit';
import type { AcknowledgedState, AlarmState, State } from '../state/state.ts';
import type { Sent } from './changes.ts';

export interface Confirmed {
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
  readonly alarm?: AlarmState;
}

/** Everything before this can be done again without harm. Failed runs are forgotten, an alarm is not. */
export async function acknowledge(
  state: State,
  { receipt, manifest, sentUnits, sentBytes, alarm }: Sent,
  { fingerprint, watched }: Pick<AcknowledgedState, 'fingerprint' | 'watched'>,
): Promise<Confirmed> {
  const apps = manifest.units.find(({ payloadType }) => payloadType === APPS_PAYLOAD_TYPE)?.settingCount ?? 0;
  const all = manifest.units.reduce((sum, { settingCount }) => sum + settingCount, 0);
  const counts = { settingCount: all - apps, appCount: apps };
  const { seq, mac, lastBackupAt, policyVersion } = receipt;
  const keptAlarm = alarm ?? (await state.read('acknowledged'))?.alarm;
  await state.write('acknowledged', {
    seq,
    mac,
    units: Object.fromEntries(manifest.units.map(({ payloadType, contentId }) => [payloadType, contentId])),
    ...counts,
    lastBackupAt,
    fingerprint,
    watched,
    manifest,
    ...(keptAlarm === undefined ? {} : { alarm: keptAlarm }),
  });
  await state.remove('attempts');
  return {
    seq,
    lastBackupAt,
    policyVersion,
    unchanged: !receipt.stored,
    ...counts,
    categories: manifest.categories,
    sentUnits,
    sentBytes,
    ...(alarm === undefined ? {} : { alarm }),
  };
}
