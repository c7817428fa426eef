/**
 * What the desktop installed on this device knows of its keys: type, choices and range, by path.
 *
 * dconf itself takes anything; a program that finds a value its schema does not allow silently shows the default. So a
 * value is held against the schemas before it is written (gvariant-rule.ts).
 *
 * Read from the schemas' XML, kept in the state folder until one of the compiled schema files changes: reading all of
 * them costs more than a whole restore of settings.
 *
 * Source: GSettings' schema files (gschema.dtd of GLib) and where GLib looks for them.
 */

import type { System } from '../system/system.ts';
import type { KeyRule, SchemaSet } from './schema-xml.ts';

export interface Schemas {
  /**
   * The rule of a key; undefined when no installed program knows it. A key below a folder that programs name
   * themselves is known by a schema without a path, found by its id: "…media-keys.custom-keybinding" serves
   * "/…/media-keys/custom-keybindings/custom0/".
   */
  ruleOf(key: string): KeyRule | undefined;
}

const CACHE = 'schemas.json';

/**
 * Where programs install their data: the person's own folder first, then those of the system in their order.
 * Source: XDG Base Directory Specification.
 */
export function dataFolders({ env, home }: System): string[] {
  const own = env['XDG_DATA_HOME'] || `${home}/.local/share`;
  const shared = env['XDG_DATA_DIRS'] || '/usr/local/share:/usr/share';
  return [own, ...shared.split(':')]
    .filter((folder) => folder.startsWith('/'))
    .map((folder) => folder.replace(/\/+$/, ''));
}

export async function installedSchemas(system: System): Promise<Schemas> {
  const folders = dataFolders(system).map((folder) => `${folder}/glib-2.0/schemas`);
  const compiled = await Promise.all(folders.map((folder) => system.facts(`${folder}/gschemas.compiled`)));
  const fingerprint = compiled.map((facts) => facts?.fingerprint ?? '').join(' ');
  const cached = await readCache(system, fingerprint);
  if (cached !== undefined) return schemasOf(cached);

  const files: string[] = [];
  // A folder without a compiled file is one that programs do not see.
  for (const [index, folder] of folders.entries())
    if (compiled[index] !== undefined) files.push(...(await xmlIn(system, folder)));
  const { schemasFrom } = await import('./schema-xml.ts');
  const set = schemasFrom(files);
  await system.writeFile(`${system.stateFolder}/${CACHE}`, JSON.stringify({ fingerprint, set }), 0o600);
  return schemasOf(set);
}

function schemasOf({ keys, relocatable }: SchemaSet): Schemas {
  return {
    ruleOf(key) {
      const known = keys[key];
      if (known !== undefined) return known;
      const path = key.toLowerCase();
      const name = key.slice(key.lastIndexOf('/') + 1);
      return relocatable.find(({ prefix, keys }) => path.startsWith(prefix) && Object.hasOwn(keys, name))?.keys[name];
    },
  };
}

async function readCache(system: System, fingerprint: string): Promise<SchemaSet | undefined> {
  const content = await system.readFile(`${system.stateFolder}/${CACHE}`).catch(() => undefined);
  if (content === undefined) return undefined;
  try {
    const cache = JSON.parse(new TextDecoder().decode(content)) as { fingerprint?: string; set?: SchemaSet };
    return cache.fingerprint === fingerprint ? cache.set : undefined;
  } catch {
    // Damaged: it is made anew from the schemas themselves.
    return undefined;
  }
}

async function xmlIn(system: System, folder: string): Promise<string[]> {
  const names = (await system.list(folder)).filter((name) => name.endsWith('.xml'));
  const contents = await Promise.all(names.map((name) => system.readFile(`${folder}/${name}`).catch(() => undefined)));
  return contents.map((content) => new TextDecoder().decode(content));
}
