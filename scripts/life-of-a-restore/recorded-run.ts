/**
 * One backup and one restore on real parts, with everything kept that passes between them: what crosses the wire, what
 * is handed to dconf, and what lies in the databases afterwards.
 *
 * Two devices of one person: the old one has a dark style and a wallpaper, the new one a light style. Apps are switched
 * off, so that what happens to be installed on this machine is not in the samples.
 */

import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { aDevice, type Device } from '../../e2e/testing/device.ts';
import { anOrganization, signsInAs } from '../../e2e/testing/organization.ts';
import { aPng } from '../../e2e/testing/png.ts';
import { type Exchange, recordingProxy } from '../../e2e/testing/recording-proxy.ts';
import { startService } from '../../e2e/testing/service-process.ts';

const WALLPAPER = '.local/share/backgrounds/lake.png';

export interface RecordedRun {
  readonly exchanges: readonly Exchange[];
  /** Holds the stopped service's `data` and `deployment.key`. */
  readonly serviceFolder: string;
  /** Hex. */
  readonly digestKey: string;
  /** Output of `dconf dump /` of the person's own layer. */
  readonly dumps: { readonly old: string; readonly fresh: string; readonly undone: string };
  readonly wallpapers: { readonly old: Buffer; readonly fresh: Buffer };
  /** What the commands printed. */
  readonly printed: { readonly backup: string; readonly plan: string; readonly restore: string; readonly undo: string };
  /** Each dconf command of the restore, and below a load what was handed to it. */
  readonly dconf: string;
  /** The restore's journal as it lay on the new device. */
  readonly journal: string;
}

/** Runs it, hands it to `use` while its files are still there, and removes everything. */
export async function withRecordedRun<Result>(use: (run: RecordedRun) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-life-'));
  const proxy = await recordingProxy();
  const devices: Device[] = [];
  const env = { PUBLIC_URL: proxy.url, SIGN_IN_LIMIT: '100000' };
  const service = await startService({ folder, env });
  proxy.forwardTo(Number(new URL(service.url).port));
  try {
    const { setupCode = '' } = service;
    const founding = { url: proxy.url, setupCode, name: 'Contoso', domain: 'contoso.example', folder };
    const organization = await anOrganization(founding);
    await organization.admin('backup', 'on');
    await organization.admin('restore', 'on');
    const lena = await organization.addPerson('lena@contoso.example', 'Lena');
    await mkdir(join(folder, 'lena'));
    const signIn = await signsInAs(lena, join(folder, 'lena'));
    const enrolled = async (name: string) => {
      const recorder = await dconfRecorder(join(folder, name));
      const facts = { CARRYOVER_DEVICE_NAME: name, CARRYOVER_MACHINE_ID: name, PATH: recorder.path };
      const device = await aDevice({ name, env: { ...signIn, ...facts } });
      devices.push(device);
      await device.must(...agentCommand('enroll', organization.link));
      return { device, recorder };
    };

    const { device: old } = await enrolled('AUE-LT-0417');
    await liveIn(old);
    await old.must(...agentCommand('remember', 'apps', 'off'));
    const backup = await old.must(...agentCommand('backup'));
    const { device: fresh, recorder } = await enrolled('AUE-LT-2291');
    await setKey(fresh, 'interface/color-scheme', "'prefer-light'");
    const plan = await fresh.must(...agentCommand('plan', '--all'));
    await recorder.clear();
    const restore = await fresh.must(...agentCommand('restore', '--yes'));
    const dconf = await recorder.recorded();
    const dumped = await fresh.dconfDump();
    const [oldPicture, freshPicture] = await Promise.all(
      [old, fresh].map(({ home }) => readFile(join(home, WALLPAPER))),
    );
    const journal = await readFile(join(fresh.home, '.local/state/carryover/restores/000001.journal.jsonl'), 'utf8');
    const undo = await fresh.must(...agentCommand('undo', '--yes'));
    const undone = await fresh.dconfDump();
    const { checkIn } = JSON.parse(await readFile(join(fresh.home, '.local/state/carryover/service.json'), 'utf8'));
    await service.stop();

    return await use({
      exchanges: proxy.exchanges,
      serviceFolder: folder,
      digestKey: checkIn.digestKey,
      dumps: { old: await old.dconfDump(), fresh: dumped, undone },
      wallpapers: { old: oldPicture ?? Buffer.alloc(0), fresh: freshPicture ?? Buffer.alloc(0) },
      printed: { backup, plan, restore, undo },
      dconf,
      journal,
    });
  } finally {
    await Promise.all(devices.map((device) => device.remove()));
    await service.stop();
    await proxy.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const AGENT = join(dirname(dirname(import.meta.dirname)), 'agent', 'src', 'main.ts');

function agentCommand(...words: readonly string[]): [string, string[]] {
  return [process.execPath, [AGENT, ...words]];
}

async function liveIn(device: Device): Promise<void> {
  await mkdir(dirname(join(device.home, WALLPAPER)), { recursive: true });
  await writeFile(join(device.home, WALLPAPER), aPng({ width: 96, height: 60, hue: 180 }));
  await setKey(device, 'interface/color-scheme', "'prefer-dark'");
  await setKey(device, 'background/picture-uri', `'file://${device.home}/${WALLPAPER}'`);
}

async function setKey(device: Device, key: string, value: string): Promise<void> {
  await device.must('dconf', ['write', `/org/gnome/desktop/${key}`, value]);
}

/** A `dconf` that comes first in PATH, writes down how it was called and what it was given, and calls the real one. */
async function dconfRecorder(folder: string) {
  const log = join(folder, 'dconf.log');
  await mkdir(join(folder, 'bin'), { recursive: true });
  await writeFile(
    join(folder, 'bin', 'dconf'),
    `#!/bin/sh
echo "$ \${DCONF_PROFILE:+DCONF_PROFILE=…/\${DCONF_PROFILE##*/} }dconf $*" >>'${log}'
case $1 in
  load) tee -a '${log}' | /usr/bin/dconf "$@" ;;
  *) exec /usr/bin/dconf "$@" ;;
esac
`,
  );
  await chmod(join(folder, 'bin', 'dconf'), 0o755);
  return {
    path: `${join(folder, 'bin')}:/usr/local/bin:/usr/bin:/bin`,
    clear: () => rm(log, { force: true }),
    recorded: () => readFile(log, 'utf8'),
  };
}
