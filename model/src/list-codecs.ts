/**
 * Codecs of lists: input sources and applications, in the person's order.
 *
 * Pure: no I/O, no clock. The parameters are those of catalog/*.yaml.
 */

import type { Json } from './canonical.ts';
import { type Codec, entryOf, textValue } from './codec.ts';
import { toGvariant } from './gvariant.ts';
import type { Application } from './setting.ts';

/** Keyboard layouts and input methods in order; `engines` names what an IBus engine is, others stay on this platform. */
export const inputSources: Codec = {
  read: (raw, { engines = {} }) => {
    const sources = textValue(raw);
    if (!Array.isArray(sources)) return undefined;
    return sources.flatMap((source) => {
      const [kind, name] = Array.isArray(source) ? source : [];
      if (typeof name !== 'string') return [];
      return kind === 'xkb' ? [name] : [entryOf(engines, name) ?? `ibus:${name}`];
    });
  },
  write: (value, { engines = {} }) => {
    if (!Array.isArray(value)) return undefined;
    const sources = value.flatMap((name) => {
      if (typeof name !== 'string' || name.startsWith('tip:')) return [];
      if (name.startsWith('ibus:')) return [['ibus', name.slice('ibus:'.length)]];
      const engine = Object.keys(engines).find((candidate) => engines[candidate] === name);
      return engine === undefined && name.endsWith(' ime')
        ? []
        : [engine === undefined ? ['xkb', name] : ['ibus', engine]];
    });
    if (sources.length === 0) return undefined;
    return { raw: toGvariant(sources, 'a(ss)'), clamped: sources.length < value.length };
  },
};

/** Desktop files in order as the applications they start; one the table does not know keeps its name and its platform. */
export const applications: Codec = {
  read: (raw, _, context) => {
    const files = textValue(raw);
    if (!Array.isArray(files)) return undefined;
    return files.filter((file) => typeof file === 'string').map((file) => applicationIdOf(file, context.applications));
  },
  write: (value, _, { context, remembered }) => {
    if (!Array.isArray(value)) return undefined;
    const had = remembered === undefined ? [] : textValue(remembered);
    const known = Array.isArray(had) ? had.filter((file) => typeof file === 'string') : [];
    const files = value.flatMap((id) => desktopFileOf(id, { known, applications: context.applications }));
    return { raw: toGvariant(files, 'as'), clamped: files.length < value.length };
  },
};

function applicationIdOf(file: string, known: readonly Application[]): string {
  const found = known.find(({ desktopFiles, flatpak }) => desktopFiles.includes(file) || `${flatpak}.desktop` === file);
  return found?.id ?? `desktop:${file}`;
}

/** The desktop file this device had for the application, else the one the table writes; none for another platform's. */
function desktopFileOf(
  id: Json,
  { known, applications }: { known: readonly string[]; applications: readonly Application[] },
): string[] {
  if (typeof id !== 'string') return [];
  if (id.startsWith('desktop:')) return [id.slice('desktop:'.length)];
  const had = known.find((file) => applicationIdOf(file, applications) === id);
  return [had ?? applications.find((application) => application.id === id)?.desktopFiles[0] ?? []].flat();
}
