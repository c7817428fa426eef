/**
 * Apps from Flatpak, the remotes they come from, and the permissions a person gave or took.
 *
 * A restore installs for the person (`--user`), also what was installed for everybody: that needs no administrator. A
 * remote is used when its address is on this device already, and added only when it is there for everybody or on the
 * organization's list. An app's permissions are only ever set where this device has none of its own; those that give
 * something are off by default.
 *
 * Shape of raw: app `{ name, ref, remote, remoteUrl?, installation }` with ref `<id>/<arch>/<branch>`; remote
 * `{ name, title, url, verified, gpgKey?, collectionId? }`; override `{ text }` with the home folder as ${HOME}.
 * No versions: an update of an app is no change worth a backup, and a restore installs what is offered then.
 * An app with two branches has its second as `apps.flatpak/<app id>/<branch>`.
 */

import type { Json } from '@carryover/model/canonical';
import type { Reason } from '@carryover/model/reasons';
import type { ItemStatus } from '@carryover/model/report';
import type { Finding } from '@carryover/model/restore-plan';
import { homeExpanded, homeTemplated } from '../settings/home-template.ts';
import type { Outcome } from '../settings/mechanism.ts';
import type { RunResult, System } from '../system/system.ts';
import type { AppItem, AppSource, AppsContext } from './app-source.ts';
import {
  configuredRemotes,
  type InstalledApp,
  installationsOf,
  installedApps,
  keyFileGroups,
  overridesOf,
  type Remote,
} from './flatpak-on-disk.ts';
import { textIn } from './listed-apps.ts';

const APP = 'apps.flatpak/';
const REMOTE = 'apps.flatpakRemote/';
const OVERRIDE = 'apps.flatpakOverride/';

/** Milliseconds for one app; large ones on a slow line take long. */
const INSTALL_TIMEOUT_MS = 60 * 60 * 1000;

/** Names as Flatpak allows them; none can be taken for an option or a path. */
const APP_ID = /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*)+$/;
const BRANCH = /^\w[\w.-]*$/;
const REMOTE_NAME = /^\w[\w.-]*$/;

interface WantedApp {
  readonly id: string;
  readonly branch: string;
  readonly name: string;
  readonly remote: string;
  readonly remoteUrl: string | undefined;
}

type WantedRemote = Omit<Remote, 'installation' | 'disabled'>;

/** Where an app is to come from: a remote the person has, or one to add first; or what stands in the way. */
type Origin = { readonly use: string } | { readonly add: WantedRemote } | Obstacle;

interface Obstacle {
  readonly status: ItemStatus;
  readonly reason: Reason;
}

export const flatpak: AppSource = {
  prefixes: [APP, REMOTE, OVERRIDE],

  async list(system) {
    const remotes = await configuredRemotes(system);
    const apps = new Map<string, AppItem>();
    for (const app of await installedApps(system)) {
      const first = apps.get(APP + app.id);
      const itemId =
        first === undefined || branchIn(first) === app.branch ? APP + app.id : `${APP}${app.id}/${app.branch}`;
      if (!apps.has(itemId)) apps.set(itemId, { itemId, raw: rawApp(app, remotes) });
    }
    const used = new Map<string, AppItem>();
    for (const remote of remotes.filter(({ disabled }) => !disabled))
      if (!used.has(remote.name)) used.set(remote.name, { itemId: REMOTE + remote.name, raw: rawRemote(remote) });
    const overrides = (await overridesOf(system)).map(({ appId, content }) => ({
      itemId: OVERRIDE + appId,
      raw: { text: new TextDecoder().decode(homeTemplated(content, system.home)) },
    }));
    return { items: [...apps.values(), ...used.values(), ...overrides], failures: [] };
  },

  words({ itemId, raw }) {
    if (itemId.startsWith(OVERRIDE)) {
      const text = textIn(raw, 'text');
      const title = `Permissions of ${itemId.slice(OVERRIDE.length)}`;
      return text === undefined ? undefined : { title, will: 'as before', flags: onlyTakes(text) ? [] : ['runsCode'] };
    }
    if (itemId.startsWith(REMOTE)) {
      const remote = wantedRemoteFrom(raw);
      return remote && { title: remote.title, will: remote.url, flags: ['networkReach'] };
    }
    const app = wantedAppFrom(raw);
    return app && { title: app.name, will: `from ${app.remote}`, flags: [] };
  },

  async inspect(context, items) {
    const device = await deviceOf(context.system);
    return new Map(items.map((item) => [item.itemId, findingOf(context, device, item)]));
  },

  async apply(context, item) {
    const { itemId } = item;
    const device = await deviceOf(context.system);
    const { same, obstacle } = findingOf(context, device, item);
    if (obstacle !== undefined) return { itemId, ...obstacle };
    if (same) return { itemId, status: 'unchanged' };
    if (itemId.startsWith(OVERRIDE)) return applyOverride(context.system, item);
    const app = itemId.startsWith(APP) ? wantedAppFrom(item.raw) : undefined;
    const origin =
      app === undefined ? remoteOrigin(context, device, wantedRemoteFrom(item.raw)) : originOf(context, device, app);
    if ('reason' in origin) return { itemId, ...origin };
    if ('add' in origin) {
      const failed = await addRemote(context.system, origin.add);
      if (failed !== undefined) return { itemId, ...failed };
    }
    if (app === undefined) return { itemId, status: 'applied' };
    return { itemId, ...(await install(context, 'add' in origin ? origin.add.name : origin.use, app)) };
  },

  async watched(system) {
    const [user, everybody] = installationsOf(system);
    const overrides = `${user.folder}/overrides`;
    const names = await system.list(overrides);
    return [
      ...[user, everybody].flatMap(({ folder }) => [`${folder}/.changed`, `${folder}/repo/config`]),
      overrides,
      ...names.map((name) => `${overrides}/${name}`),
    ];
  },
};

interface Device {
  readonly apps: readonly InstalledApp[];
  readonly remotes: readonly Remote[];
  readonly overrides: ReadonlyMap<string, string>;
}

async function deviceOf(system: System): Promise<Device> {
  const overrides = await overridesOf(system);
  return {
    apps: await installedApps(system),
    remotes: await configuredRemotes(system),
    overrides: new Map(overrides.map(({ appId, content }) => [appId, new TextDecoder().decode(content)])),
  };
}

function findingOf(context: AppsContext, device: Device, item: AppItem): Finding {
  if (item.itemId.startsWith(OVERRIDE)) return overrideFinding(context.system, device, item);
  if (item.itemId.startsWith(REMOTE)) {
    const wanted = wantedRemoteFrom(item.raw);
    const origin = remoteOrigin(context, device, wanted);
    if ('reason' in origin) return { now: undefined, nowWords: '', same: false, obstacle: origin };
    const same = 'use' in origin;
    return same ? { now: item.raw, nowWords: 'set up', same } : { now: undefined, nowWords: '', same };
  }
  const app = wantedAppFrom(item.raw);
  if (app === undefined) return { now: undefined, nowWords: '', same: false, obstacle: BAD_RAW };
  if (isInstalled(device.apps, app)) return { now: item.raw, nowWords: 'installed', same: true };
  const origin = originOf(context, device, app);
  return { now: undefined, nowWords: '', same: false, ...('reason' in origin && { obstacle: origin }) };
}

function isInstalled(apps: readonly InstalledApp[], { id, branch }: WantedApp): boolean {
  return apps.some((app) => app.id === id && app.branch === branch);
}

function originOf(context: AppsContext, device: Device, app: WantedApp): Origin {
  const { remoteUrl } = app;
  if (remoteUrl === undefined)
    return { status: 'failed', reason: { code: 'appNotOffered', facts: { app: app.name, source: app.remote } } };
  const known = [
    ...device.remotes,
    ...context.snapshot.flatMap(({ itemId, raw }) => (itemId.startsWith(REMOTE) ? (wantedRemoteFrom(raw) ?? []) : [])),
  ];
  return remoteOrigin(
    context,
    device,
    known.find(({ url }) => sameAddress(url, remoteUrl)),
    remoteUrl,
  );
}

/** `remote` is undefined when nobody knows how it is signed: then it is not added. */
function remoteOrigin(
  { allowedSources }: AppsContext,
  device: Device,
  remote: WantedRemote | undefined,
  address = remote?.url ?? '',
): Origin {
  const here = device.remotes.filter(({ url, disabled }) => !disabled && sameAddress(url, address));
  const own = here.find(({ installation }) => installation === 'user');
  if (own !== undefined) return { use: own.name };
  const allowed = here.length > 0 || allowedSources.some((url) => sameAddress(url, address));
  if (!allowed || remote === undefined || !isSafeToAdd(remote))
    return { status: 'skipped', reason: { code: 'appSourceNotAllowed', facts: { source: address } } };
  const taken = device.remotes.some(({ name, installation }) => installation === 'user' && name === remote.name);
  if (taken) return { status: 'skipped', reason: { code: 'differsHere', facts: { name: remote.name } } };
  return { add: remote };
}

/** Over plain HTTP anybody on the way could put something else in, unless it is signed. */
function isSafeToAdd({ url, verified, gpgKey }: WantedRemote): boolean {
  const { protocol } = new URL(url);
  const signed = verified && gpgKey !== undefined;
  return protocol === 'https:' || protocol === 'file:' || (protocol === 'http:' && signed);
}

/** Undefined when it is there now, with its key. */
async function addRemote(system: System, remote: WantedRemote): Promise<Obstacle | undefined> {
  const { name, title, url, verified, gpgKey, collectionId } = remote;
  // A file, because Flatpak 1.14 finds no key when it is handed one on its input.
  const keyFile = `${system.stateFolder}/${name}.gpg`;
  const signed = verified && gpgKey !== undefined;
  const options = [
    `--title=${title}`,
    ...(collectionId === undefined ? [] : [`--collection-id=${collectionId}`]),
    ...(signed ? [`--gpg-import=${keyFile}`] : verified ? [] : ['--no-gpg-verify']),
  ];
  if (signed) await system.writeFile(keyFile, Buffer.from(gpgKey, 'base64'), 0o600);
  const result = await runFlatpak(system, ['remote-add', '--user', ...options, name, url]).finally(() =>
    signed ? system.removeFile(keyFile) : undefined,
  );
  const added = (await configuredRemotes(system)).find((here) => here.installation === 'user' && here.name === name);
  // It counts as set up even when its listing could not be fetched just now; installing tells whether that lasts.
  if (added !== undefined && (!signed || added.gpgKey !== undefined)) return undefined;
  if (added !== undefined) await runFlatpak(system, ['remote-delete', '--user', '--force', name]);
  return { status: 'failed', reason: { code: 'appFailed', facts: { app: title, detail: lastError(result) } } };
}

async function install(context: AppsContext, remote: string, app: WantedApp): Promise<Omit<Outcome, 'itemId'>> {
  const { system } = context;
  const attempt = async () => {
    const args = ['install', '--user', '--app', '--noninteractive', remote, `${app.id}//${app.branch}`];
    const result = await runFlatpak(system, args);
    return isInstalled(await installedApps(system), app) ? undefined : whyNot(system, { remote, app, result });
  };
  const reason = await attempt();
  // It is offered and still failed: what it runs on may come from another of the former device's remotes.
  const again = reason?.code === 'appFailed' && (await addFurtherRemotes(context));
  const final = again ? await attempt() : reason;
  return final === undefined ? { status: 'applied' } : { status: 'failed', reason: final };
}

/** Adds the snapshot's other remotes, those that may be added. Returns whether there was one. */
async function addFurtherRemotes(context: AppsContext): Promise<boolean> {
  let added = false;
  for (const { itemId, raw } of context.snapshot) {
    if (!itemId.startsWith(REMOTE)) continue;
    const origin = remoteOrigin(context, await deviceOf(context.system), wantedRemoteFrom(raw));
    if ('add' in origin && (await addRemote(context.system, origin.add)) === undefined) added = true;
  }
  return added;
}

/** Which failure it was is asked, not read out of messages: is the remote reachable, and does it offer the app? */
async function whyNot(
  system: System,
  { remote, app, result }: { remote: string; app: WantedApp; result: RunResult },
): Promise<Reason> {
  const columns = '--columns=application,branch';
  const listing = await runFlatpak(system, ['remote-ls', '--user', '--app', columns, remote]);
  if (listing.exit !== 0) return { code: 'appSourceUnreachable', facts: { source: app.remoteUrl ?? remote } };
  const offered = listing.stdout.split('\n').some((line) => line.trim() === `${app.id}\t${app.branch}`);
  if (!offered) return { code: 'appNotOffered', facts: { app: app.name, source: remote } };
  return { code: 'appFailed', facts: { app: app.name, detail: lastError(result) } };
}

function overrideFinding(system: System, { overrides }: Device, { itemId, raw }: AppItem): Finding {
  const appId = itemId.slice(OVERRIDE.length);
  const text = textIn(raw, 'text');
  const none = { now: undefined, nowWords: '', same: false };
  if (text === undefined || (appId !== 'global' && !APP_ID.test(appId))) return { ...none, obstacle: BAD_RAW };
  const here = overrides.get(appId);
  if (here === undefined) return none;
  if (here === expandedText(system, text)) return { now: raw, nowWords: 'as before', same: true };
  const reason = { code: 'differsHere', facts: { name: `Permissions of ${appId}` } } as const;
  return { now: { text: here }, nowWords: 'its own', same: false, obstacle: { status: 'skipped', reason } };
}

async function applyOverride(system: System, { itemId, raw }: AppItem): Promise<Outcome> {
  const [{ folder }] = installationsOf(system);
  const content = expandedText(system, textIn(raw, 'text') ?? '');
  await system.writeFile(`${folder}/overrides/${itemId.slice(OVERRIDE.length)}`, content, 0o644);
  return { itemId, status: 'applied' };
}

function expandedText(system: System, text: string): string {
  return new TextDecoder().decode(homeExpanded(new TextEncoder().encode(text), system.home));
}

/** Permissions that only take away: every entry of the context starts with "!", and there is nothing else. */
function onlyTakes(text: string): boolean {
  const groups = keyFileGroups(text);
  const entries = [...(groups.get('Context')?.values() ?? [])].flatMap((list) => list.split(';').filter(Boolean));
  return [...groups.keys()].every((group) => group === 'Context') && entries.every((entry) => entry.startsWith('!'));
}

/**
 * Runs Flatpak with its messages in English. Installing asks the system bus about parental controls; where a device has
 * none (a container), the person's own bus stands in.
 */
async function runFlatpak(system: System, args: readonly string[]): Promise<RunResult> {
  const { DBUS_SYSTEM_BUS_ADDRESS: given, DBUS_SESSION_BUS_ADDRESS: session } = system.env;
  const noSystemBus = given === undefined && (await system.facts('/run/dbus/system_bus_socket')) === undefined;
  return system.run('flatpak', args, {
    timeoutMs: INSTALL_TIMEOUT_MS,
    env: { LC_ALL: 'C.UTF-8', ...(noSystemBus && session !== undefined && { DBUS_SYSTEM_BUS_ADDRESS: session }) },
  });
}

function lastError({ exit, stderr }: RunResult): string {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const error = lines.findLast((line) => line.startsWith('error: ')) ?? lines.at(-1);
  return error?.replace(/^error: /i, '').replace(/[.\s]+$/, '') ?? `flatpak ended with ${exit}`;
}

const BAD_RAW: Obstacle = {
  status: 'failed',
  reason: { code: 'badValue', facts: { detail: 'it does not describe an app' } },
};

function rawApp(app: InstalledApp, remotes: readonly Remote[]): Json {
  const { name, id, arch, branch, origin, installation } = app;
  const remote = remotes.find((candidate) => candidate.name === origin && candidate.installation === installation);
  const ref = `${id}/${arch}/${branch}`;
  return { name, ref, remote: origin, installation, ...(remote !== undefined && { remoteUrl: remote.url }) };
}

function rawRemote({ name, title, url, verified, gpgKey, collectionId }: Remote): Json {
  return {
    name,
    title,
    url,
    verified,
    ...(gpgKey !== undefined && { gpgKey }),
    ...(collectionId !== undefined && { collectionId }),
  };
}

function branchIn({ raw }: AppItem): string | undefined {
  return textIn(raw, 'ref')?.split('/')[2];
}

function wantedAppFrom(raw: Json): WantedApp | undefined {
  const [id = '', , branch = ''] = (textIn(raw, 'ref') ?? '').split('/');
  const remote = textIn(raw, 'remote');
  if (!APP_ID.test(id) || !BRANCH.test(branch) || remote === undefined) return undefined;
  return { id, branch, name: textIn(raw, 'name') ?? id, remote, remoteUrl: textIn(raw, 'remoteUrl') };
}

function wantedRemoteFrom(raw: Json): WantedRemote | undefined {
  const [name, url] = [textIn(raw, 'name'), textIn(raw, 'url')];
  if (name === undefined || !REMOTE_NAME.test(name) || url === undefined || !URL.canParse(url)) return undefined;
  const verified = (raw as { readonly verified?: Json }).verified !== false;
  const [gpgKey, collectionId] = [textIn(raw, 'gpgKey'), textIn(raw, 'collectionId')];
  return { name, url, title: textIn(raw, 'title') ?? name, verified, gpgKey, collectionId };
}

function sameAddress(a: string, b: string): boolean {
  return a.replace(/\/+$/, '') === b.replace(/\/+$/, '');
}
