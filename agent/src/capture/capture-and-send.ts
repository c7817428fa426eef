/**
 * The longer half of a backup: read this device -> group into units -> send what changed -> remember what was confirmed.
 *
 * Loaded only when something may have changed (capture.ts).
 */

import { kindOf, type PartKind } from '@carryover/model/report';
import type { Category } from '@carryover/model/setting';
import { acknowledge } from './acknowledge.ts';
import type { BackupInput, BackupReport, KnownCheckIn } from './capture.ts';
import { send } from './changes.ts';
import { fingerprintOf, surroundings } from './fingerprint.ts';
import { manifestFrom } from './manifest.ts';
import { type DeviceContents, readDevice, settingsToRead } from './read-device.ts';
import { unitsFrom } from './units.ts';
import { picturesOf, placesToWatch } from './watched-places.ts';

export async function captureAndSend(
  categories: readonly Category[],
  checkIn: KnownCheckIn,
  input: BackupInput,
): Promise<BackupReport> {
  const { system, state, client, onStep = () => undefined } = input;
  const { digestKey, profileId } = checkIn;
  const wanted = { categories, images: checkIn.policy.imagesAllowed };
  onStep({ step: 'reading' });
  const startMs = system.monotonicMs();
  const readers = await input.readers();
  const around = surroundings(input, checkIn);
  const places = await placesToWatch(system, settingsToRead(readers.catalog, wanted));
  const watchedPlaces = [...places, ...(categories.includes('apps') ? await readers.apps.watched(system) : [])];
  const atStart = await fingerprintOf(system, watchedPlaces, around);

  const contents = await readDevice(system, readers, { ...wanted, digestKey });
  const apps = contents.items.length - contents.found.length;
  onStep({ step: 'read', settings: contents.found.length, apps, tookMs: system.monotonicMs() - startMs });

  input.signal?.throwIfAborted();
  const facts = await input.device();
  const about = { catalogVersion: readers.catalog.version, platform: facts.platform, build: facts.build };
  const { units, failures } = unitsFrom(contents.items, { ...about, digestKey });
  const manifest = manifestFrom(units, { facts, catalogVersion: about.catalogVersion, categories, now: system.now() });

  const acknowledged = await state.read('acknowledged');
  const held = new Map(acknowledged?.manifest.units.map(({ payloadType, contentId }) => [payloadType, contentId]));
  const changed = units.filter(({ payloadType, contentId }) => held.get(payloadType) !== contentId).length;
  onStep({ step: 'compare', changed, units: units.length });
  input.signal?.throwIfAborted();
  const sendMs = system.monotonicMs();
  const sent = await send(client, { manifest, units, digestKey, profileId }, acknowledged, system.now());
  const took = { captureMs: sendMs - startMs, uploadMs: system.monotonicMs() - sendMs };
  onStep({ step: 'send', bytes: sent.sentBytes, tookMs: took.uploadMs });

  // What changed while it was being read is noticed next time: a fingerprint that is no longer true is not kept. No file
  // tells of a change of the registry: there every backup reads, which takes no longer than looking.
  const settled = system.registry === undefined && atStart === (await fingerprintOf(system, watchedPlaces, around));
  const watched = [...new Set([...watchedPlaces, ...(await picturesOf(system, contents.found))])].toSorted();
  const fresh = { fingerprint: settled ? await fingerprintOf(system, watched, around) : '', watched };
  const report = await acknowledge(state, sent, fresh);
  return { ...report, ...took, kinds: kindsOf(contents), failures: [...contents.failures, ...failures] };
}

function kindsOf({ items, found }: DeviceContents): Record<PartKind, number> {
  const kinds = { setting: 0, file: 0, image: 0, app: items.length - found.length };
  for (const { setting } of found) kinds[kindOf(setting)] += 1;
  return kinds;
}
