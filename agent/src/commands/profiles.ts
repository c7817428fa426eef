/**
 * `carryover profiles [PROFILE]`: the backups a person can restore from, best first; with a name, its points in time.
 */

import { wordsOf } from '@carryover/model/reasons';
import type { OfferedProfile, SnapshotLine } from '@carryover/model/wire';
import { chooseProfile } from '../restore/choose.ts';
import type { Agent } from './agent.ts';
import { notEnrolled } from './real-agent.ts';
import { momentWords } from './titles.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values, positionals } = parsed('profiles', args);
  if ((await agent.state.read('enrollment')) === undefined) throw notEnrolled();
  const client = await agent.client();
  const profiles = await client.listProfiles();
  const [name] = positionals;
  if (name === undefined) {
    if (values.json) return agent.out.json({ profiles });
    return sayProfiles(profiles, agent);
  }
  const profile = chooseProfile(profiles, name);
  const snapshots = await client.listSnapshots(profile.id);
  if (values.json) return agent.out.json({ profile, snapshots });
  saySnapshots(profile, snapshots, agent);
}

function sayProfiles(profiles: readonly OfferedProfile[], { out, system }: Agent): void {
  const words = TEXTS[out.language];
  const here = { now: system.now(), language: out.language, timeZone: Temporal.Now.timeZoneId() };
  if (profiles.length === 0) {
    const { reason, remedy } = wordsOf({ code: 'noProfiles' }, out.language);
    out.line(`${out.signs.warning} ${reason} ${remedy}`);
    return;
  }
  const width = Math.max(...profiles.map(({ deviceName }) => deviceName.length));
  for (const { deviceName, osName, lastBackupAt, settingCount, appCount, recommended, note, id } of profiles) {
    const sign = recommended ? out.signs.done : ' ';
    const when = momentWords(Temporal.Instant.from(lastBackupAt), here);
    const counts = `${settingCount} ${words.settings}, ${appCount} ${words.apps}`;
    out.line(`${sign} ${deviceName.padEnd(width)}   ${when}   ${counts}   ${osName}`);
    out.line(`  ${id}${recommended ? `   ${words.recommended}` : ''}`);
    if (note !== undefined) out.line(`  ${out.signs.warning} ${wordsOf(note, out.language).reason}`);
  }
  const first = profiles.find(({ recommended }) => recommended) ?? profiles[0];
  out.note(`${words.see} carryover plan ${first?.deviceName ?? 'recommended'}`);
}

function saySnapshots(profile: OfferedProfile, snapshots: readonly SnapshotLine[], { out, system }: Agent): void {
  const words = TEXTS[out.language];
  const here = { now: system.now(), language: out.language, timeZone: Temporal.Now.timeZoneId() };
  out.line(`${profile.deviceName}   ${profile.osName}`);
  for (const { seq, takenAt, settingCount, appCount, state, thin } of snapshots) {
    const sign = seq === profile.defaultSeq ? out.signs.done : thin || state === 'invalid' ? out.signs.warning : ' ';
    const counts = `${settingCount} ${words.settings}, ${appCount} ${words.apps}`;
    const why = state === 'invalid' ? words.damaged : thin ? words.thin : '';
    out.line(
      `${sign} ${String(seq).padStart(4)}   ${momentWords(Temporal.Instant.from(takenAt), here)}   ${counts}   ${why}`.trimEnd(),
    );
  }
}

const TEXTS = {
  en: {
    settings: 'settings',
    apps: 'apps',
    recommended: 'recommended',
    see: 'See what would change:',
    damaged: 'damaged',
    thin: 'far fewer than before',
  },
  de: {
    settings: 'Einstellungen',
    apps: 'Apps',
    recommended: 'empfohlen',
    see: 'Was sich ändern würde:',
    damaged: 'beschädigt',
    thin: 'weit weniger als zuvor',
  },
} as const;
