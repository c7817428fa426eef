/**
 * `./carryover demo`: the main job, on real parts, in about half a minute.
 *
 * A service on SQLite in a scratch folder, an organization with an administrator and a person, an old device that is
 * backed up and a new one that gets everything back: two homes, each with a message bus, a dconf database and Flatpak
 * apps of its own. Nothing of whoever runs it is read or written. At the end the two devices are compared by other means
 * than Carryover's own.
 *
 * --once ends instead of leaving the service running; --json prints one line only (and ends).
 */

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KnownError } from '../model/src/errors.ts';
import type { Catalog } from '../model/src/setting.ts';
import { ensurePackages } from '../scripts/debian-packages.ts';
import { type Compared, compared, type RestoredItem } from './demo/compare.ts';
import { type Stage, stageOn } from './demo/stage.ts';
import { aDevice, type Device } from './testing/device.ts';
import { flatpakRepository } from './testing/flatpak-repository.ts';
import { furnish } from './testing/furnish.ts';
import { anOrganization, type Organization, type Person, signsInAs } from './testing/organization.ts';
import { type ServiceProcess, startService } from './testing/service-process.ts';

const ROOT = join(import.meta.dirname, '..');
const USAGE = 'Usage: carryover demo [--once] [--json]';
const APP_COUNT = 3;

const options = new Set(process.argv.slice(2));
const unknown = [...options].filter((option) => option !== '--once' && option !== '--json');
const json = options.has('--json');
const stage = stageOn(process.stdout, json);

try {
  if (unknown.length > 0) throw new KnownError('invalidRequest', `Unknown: ${unknown.join(' ')}. ${USAGE}`);
  await ensurePackages('demo');
  await show();
} catch (error) {
  if (!(error instanceof KnownError)) throw error;
  console.error(`carryover demo: ${error.message}`);
  process.exitCode = 1;
}

async function show(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'carryover-demo-'));
  const devices: Device[] = [];
  let service: ServiceProcess | undefined;
  try {
    stage.heading('An organization of its own');
    service = await stage.step('Start the service, SQLite in a scratch folder', () => startService({ folder }));
    const { organization, person } = await anOrganizationThatBacksUp(service, folder);
    const env = await signsInAs(person, folder);
    const rows = await moved(organization, devices, env);
    const { url } = service;
    if (json) return console.log(JSON.stringify(toJson(rows)));
    if (options.has('--once')) return;
    sayWhatRuns(stage, { url, organization, person });
    await new Promise((resolve) => {
      process.once('SIGINT', resolve);
      process.once('SIGTERM', resolve);
    });
  } finally {
    for (const device of devices) await device.remove();
    await service?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function anOrganizationThatBacksUp(
  { url, setupCode = '' }: ServiceProcess,
  folder: string,
): Promise<{ readonly organization: Organization; readonly person: Person }> {
  const wanted = { url, setupCode, name: 'Auental County', domain: 'auental.example', folder };
  const organization = await stage.step('Create Auental County and its administrator', () => anOrganization(wanted));
  const person = await stage.step('Add Lena Brandt', () =>
    organization.addPerson('lena.brandt@auental.example', 'Lena Brandt'),
  );
  await stage.step('Switch on "Enable Windows Backup" and "Show restore page"', async () => {
    await organization.admin('backup', 'on');
    await organization.admin('restore', 'on');
  });
  return { organization, person };
}

interface Moved {
  readonly compared: readonly Compared[];
  readonly seconds: { readonly capture: number; readonly upload: number; readonly restore: number };
}

async function moved(
  organization: Organization,
  devices: Device[],
  env: Readonly<Record<string, string>>,
): Promise<Moved> {
  stage.heading("Lena's old PC, AUE-LT-0417");
  const old = await newDevice(devices, { name: 'AUE-LT-0417', machine: '1', env });
  const had = await stage.step('Live in it: settings, pictures, files, apps', () => furnish(old, { apps: APP_COUNT }));
  stage.words(
    `${had.settings} dconf keys, ${had.files.length} files, ${had.images.length} pictures, ${had.apps.length} Flatpak apps`,
  );
  await stage.step('carryover enroll', () => agent(old, 'enroll', organization.link));
  const backup = await stage.step('carryover backup', () => agent<BackupResult>(old, 'backup'));
  stage.words(`${backup.settings} settings and ${backup.apps} apps are backed up, sealed`);

  stage.heading("Lena's new PC, AUE-LT-2291");
  const fresh = await newDevice(devices, { name: 'AUE-LT-2291', machine: '2', env });
  const { url } = await flatpakRepository();
  await fresh.must('flatpak', ['remote-add', '--user', '--no-gpg-verify', had.remote, url]);
  await stage.step('carryover enroll', () => agent(fresh, 'enroll', organization.link));
  stage.words((await fresh.agent('profiles')).stdout);
  const restored = await stage.step('carryover restore recommended', () =>
    agent<RestoreResult>(fresh, 'restore', 'recommended', '--yes'),
  );
  stage.heading('Compared by dconf, Flatpak and the bytes of the files, not by Carryover');
  const catalog = JSON.parse(await readFile(join(ROOT, 'catalog', 'catalog.json'), 'utf8')) as Catalog;
  const rows = await compared({ old, fresh }, restored.items, catalog);
  stage.table(rows);
  sayWhatIsLeft(restored.items);
  const { capture, upload } = backup.seconds;
  return { compared: rows, seconds: { capture, upload, restore: restored.seconds } };
}

interface BackupResult {
  readonly settings: number;
  readonly apps: number;
  readonly seconds: { readonly capture: number; readonly upload: number };
}

interface RestoreResult {
  readonly items: readonly (RestoredItem & { readonly title: string; readonly reason?: { readonly reason: string } })[];
  readonly seconds: number;
}

async function newDevice(
  devices: Device[],
  { name, machine, env }: { name: string; machine: string; env: Readonly<Record<string, string>> },
): Promise<Device> {
  const own = { CARRYOVER_DEVICE_NAME: name, CARRYOVER_MACHINE_ID: machine.repeat(32) };
  const device = await stage.step('A home, a message bus and a dconf database of its own', () =>
    aDevice({ name, env: { ...env, ...own } }),
  );
  devices.push(device);
  return device;
}

/** Runs a command of the agent and returns what it found. Errors: Error with its words. */
async function agent<Result>(device: Device, ...args: readonly string[]): Promise<Result> {
  const { exit, stdout, stderr } = await device.agent(...args, '--json');
  if (exit !== 0) throw new Error(`carryover ${args.join(' ')} on ${device.name}: exit ${exit}\n${stdout}${stderr}`);
  return JSON.parse(stdout) as Result;
}

/** Everything that did not come over, grouped by its reason; nothing is silent. */
function sayWhatIsLeft(items: RestoreResult['items']): void {
  const left = items.filter(({ status }) => status !== 'applied' && status !== 'unchanged');
  if (left.length > 0) stage.heading('Left out on purpose, unless asked for by name');
  for (const [reason, some] of Map.groupBy(left, (item) => item.reason?.reason ?? ''))
    stage.left(reason, some.map(({ title }) => title).join(', '));
}

function toJson({ compared: rows, seconds }: Moved): object {
  const counts = (...kinds: readonly string[]) => {
    const of = rows.filter(({ kind }) => kinds.includes(kind));
    const sum = (member: 'captured' | 'applied' | 'different') => of.reduce((total, row) => total + row[member], 0);
    return { captured: sum('captured'), applied: sum('applied'), different: sum('different') };
  };
  return { settings: counts('setting'), apps: counts('app'), files: counts('file'), images: counts('image'), seconds };
}

function sayWhatRuns(
  { heading, line }: Stage,
  { url, organization, person }: { url: string; organization: Organization; person: Person },
): void {
  const { administrator } = organization;
  heading('It runs until you press Ctrl-C');
  line(`  Service          ${url}`);
  line(`  API description  ${url}/openapi`);
  line(`  Enrollment link  ${organization.link}`);
  line(`  Administrator    ${administrator.userPrincipalName}   password: ${administrator.password}`);
  line(`  Person           ${person.userPrincipalName}   password: ${person.password}, and my own`);
}
