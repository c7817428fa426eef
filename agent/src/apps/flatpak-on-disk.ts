/**
 * What Flatpak keeps on this device: its installations, their apps, remotes and permission overrides.
 *
 * Read from its folders and never through its program, because even `flatpak list` creates a repository in a home that
 * has none, and capture writes nothing. The layout is OSTree's and Flatpak's own: `app/<id>/<arch>/<branch>/active`,
 * a `deploy` file that starts with the origin, `repo/config` as a key file, `repo/<remote>.trustedkeys.gpg`.
 *
 * Source: flatpak(1) "FILES", flatpak-remote(5), ostree.repo-config(5).
 */

import type { System } from '../system/system.ts';

export interface Installation {
  readonly kind: 'user' | 'system';
  readonly folder: string;
}

export interface InstalledApp {
  readonly id: string;
  readonly arch: string;
  readonly branch: string;
  readonly name: string;
  /** Name of the remote it came from. */
  readonly origin: string;
  readonly installation: Installation['kind'];
}

export interface Remote {
  readonly name: string;
  readonly title: string;
  /** Without a user name and password, should there be any. */
  readonly url: string;
  readonly verified: boolean;
  readonly disabled: boolean;
  readonly collectionId: string | undefined;
  /** OpenPGP keys its content is signed with, base64. */
  readonly gpgKey: string | undefined;
  readonly installation: Installation['kind'];
}

export interface Override {
  /** An app id, or "global". */
  readonly appId: string;
  readonly content: Uint8Array;
}

/** Larger keys and overrides are not what they should be, in bytes. */
const MAX_SMALL_FILE_BYTES = 64 * 1024;

export function installationsOf({ env, home }: System): readonly [user: Installation, system: Installation] {
  const data = env['XDG_DATA_HOME'] || `${home}/.local/share`;
  return [
    { kind: 'user', folder: env['FLATPAK_USER_DIR'] || `${data}/flatpak` },
    { kind: 'system', folder: env['FLATPAK_SYSTEM_DIR'] || '/var/lib/flatpak' },
  ];
}

/** Apps of both installations, the person's own first. */
export async function installedApps(system: System): Promise<InstalledApp[]> {
  const apps: InstalledApp[] = [];
  for (const { kind, folder } of installationsOf(system))
    for (const id of await system.list(`${folder}/app`))
      for (const arch of (await system.list(`${folder}/app/${id}`)).filter((name) => name !== 'current'))
        for (const branch of await system.list(`${folder}/app/${id}/${arch}`)) {
          const active = `${folder}/app/${id}/${arch}/${branch}/active`;
          const deploy = await system.readFile(`${active}/deploy`);
          if (deploy === undefined) continue;
          const desktop = await system.readFile(`${active}/export/share/applications/${id}.desktop`);
          const name = desktopName(desktop) ?? id.split('.').at(-1) ?? id;
          apps.push({ id, arch, branch, name, origin: originIn(deploy), installation: kind });
        }
  return apps;
}

/** Remotes of both installations, the person's own first; those without an address are left out. */
export async function configuredRemotes(system: System): Promise<Remote[]> {
  const remotes: Remote[] = [];
  for (const { kind, folder } of installationsOf(system)) {
    const config = await system.readFile(`${folder}/repo/config`);
    if (config === undefined) continue;
    for (const [group, keys] of keyFileGroups(new TextDecoder().decode(config))) {
      const name = /^remote "(.+)"$/.exec(group)?.[1];
      const url = withoutPassword(keys.get('url') ?? '');
      if (name === undefined || url === undefined) continue;
      const key = await smallFile(system, `${folder}/repo/${name}.trustedkeys.gpg`);
      remotes.push({
        name,
        title: keys.get('xa.title') ?? name,
        url,
        verified: keys.get('gpg-verify') !== 'false',
        disabled: keys.get('xa.disable') === 'true',
        collectionId: keys.get('collection-id'),
        gpgKey: key === undefined ? undefined : Buffer.from(key).toString('base64'),
        installation: kind,
      });
    }
  }
  return remotes;
}

/** What the person changed about the permissions of apps. */
export async function overridesOf(system: System): Promise<Override[]> {
  const [{ folder }] = installationsOf(system);
  const overrides: Override[] = [];
  for (const appId of await system.list(`${folder}/overrides`)) {
    const content = await smallFile(system, `${folder}/overrides/${appId}`);
    if (content !== undefined) overrides.push({ appId, content });
  }
  return overrides;
}

/** The groups of a key file with their keys, in order. Comments and what is neither are passed over. */
export function keyFileGroups(text: string): Map<string, Map<string, string>> {
  const groups = new Map<string, Map<string, string>>();
  let group = new Map<string, string>();
  for (const line of text.split('\n')) {
    const name = /^\[(.+)\]\s*$/.exec(line)?.[1];
    if (name !== undefined) {
      group = groups.get(name) ?? new Map();
      groups.set(name, group);
      continue;
    }
    const equals = line.indexOf('=');
    if (equals > 0 && !line.startsWith('#')) group.set(line.slice(0, equals).trim(), line.slice(equals + 1).trim());
  }
  return groups;
}

/** A deploy file is a serialized GVariant tuple that starts with the origin and its end sign. */
function originIn(deploy: Uint8Array): string {
  return new TextDecoder().decode(deploy.subarray(0, Math.max(0, deploy.indexOf(0))));
}

function desktopName(desktop: Uint8Array | undefined): string | undefined {
  if (desktop === undefined) return undefined;
  return keyFileGroups(new TextDecoder().decode(desktop)).get('Desktop Entry')?.get('Name');
}

function withoutPassword(address: string): string | undefined {
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href;
}

async function smallFile(system: System, path: string): Promise<Uint8Array | undefined> {
  const facts = await system.facts(path);
  if (facts?.kind !== 'file' || facts.bytes > MAX_SMALL_FILE_BYTES) return undefined;
  return system.readFile(path);
}
