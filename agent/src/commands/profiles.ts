/**
 * `carryover profiles [PROFILE]`: the backups a person can restore from, best first; with a name, its points in time.
 */

import { wordsOf } from '@carryover/model/reasons';
import type { OfferedProfile, SnapshotLine } from '@carryover/model/wire';
import { chooseProfile } from '../restore/choose.ts';
import { mustBeAllowed } from '../restore/restore.ts';
import type { Agent } from './agent.ts';
import { notEnrolled } from './real-agent.ts';
import { line, plain, type TableRow, table } from './terminal.ts';
import { momentWords } from './titles.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values, positionals } = parsed('profiles', args);
  if ((await agent.state.read('enrollment')) === undefined) throw notEnrolled();
  const client = await agent.client();
  mustBeAllowed(await client.checkIn({ device: await agent.device(), manifestFormat: 1 }));
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
  const rows = profiles.map(({ deviceName, lastBackupAt, settingCount, appCount, recommended }): TableRow => {
    const when = momentWords(Temporal.Instant.from(lastBackupAt), here);
    const counts = `${settingCount} ${words.settings}, ${appCount} ${words.apps}`;
    return { ...(recommended ? { sign: 'done' } : {}), cells: [deviceName, when, counts] };
  });
  const lines = table(out, { rows, indent: 0 });
  for (const [index, { id, deviceName, osName, note, recommended }] of profiles.entries()) {
    out.line(lines[index] ?? '');
    const known = profiles.filter((other) => other.deviceName === deviceName).length === 1;
    out.line(plain(out, `  ${osName}${recommended ? `, ${words.recommended}` : ''}`));
    // Two PCs of one name are told apart by their ids, which PROFILE takes as well.
    if (!known) out.line(plain(out, `  ${id}`));
    if (note !== undefined)
      out.line(line(out, { sign: 'warning', indent: 2, label: wordsOf(note, out.language).reason }));
  }
  if (!out.isTerminal) return;
  const first = profiles.find(({ recommended }) => recommended) ?? profiles[0];
  out.note(`${words.see} carryover plan ${first?.deviceName ?? 'recommended'}`);
}

function saySnapshots(profile: OfferedProfile, snapshots: readonly SnapshotLine[], { out, system }: Agent): void {
  const words = TEXTS[out.language];
  const here = { now: system.now(), language: out.language, timeZone: Temporal.Now.timeZoneId() };
  out.line(plain(out, `${profile.deviceName}   ${profile.osName}`));
  const rows = snapshots.map(({ seq, takenAt, settingCount, appCount, state, thin }): TableRow => {
    const doubtful = thin || state === 'invalid';
    const counts = `${settingCount} ${words.settings}, ${appCount} ${words.apps}`;
    const why = state === 'invalid' ? words.damaged : thin ? words.thin : '';
    const when = momentWords(Temporal.Instant.from(takenAt), here);
    const sign = seq === profile.defaultSeq ? 'done' : doubtful ? 'warning' : undefined;
    return { ...(sign === undefined ? {} : { sign }), cells: [String(seq), when, counts, why] };
  });
  for (const text of table(out, { rows, indent: 0 })) out.line(text);
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
