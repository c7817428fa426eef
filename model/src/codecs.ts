/**
 * Codecs: what a raw value of one platform means on every platform, and back.
 *
 * The catalog names a codec and its parameters for a setting's side; this file holds the codecs by name. The rules:
 * the neutral range covers both platforms, so reading never clamps and writing clamps to what the target takes (and
 * says so); a raw value without a neutral meaning gives undefined and stays on its platform; a value that goes there
 * and back unchanged gives the first raw value again, because what the platform had is kept when it means the same.
 *
 * Pure: no I/O, no clock.
 * Source: docs/decisions/2026-11-25-neutral-values.md.
 */

import { canonicalJson, type Json } from './canonical.ts';
import { boolean, booleans, choice, gatedEnum } from './choice-codecs.ts';
import { type Codec, type CodecContext, entryOf, exactly, type Parameters, textValue, type Written } from './codec.ts';
import { colour, colourName } from './colour-codecs.ts';
import { toGvariant } from './gvariant.ts';
import { applications, inputSources } from './list-codecs.ts';
import { daySchedule, gatedNumber, number, sumWith } from './number-codecs.ts';
import type { CodecUse, DconfPlace, LinuxPlace, Setting } from './setting.ts';

/**
 * The neutral meaning of a setting's raw value on Linux; undefined when it has none (or is no valid text).
 *
 * Shape: `raw` as its place describes it (setting.ts).
 */
export function neutralFromLinux(setting: Setting, raw: Json, context: CodecContext): Json | undefined {
  const use = setting.neutral?.linux;
  const codec = use && CODECS[use.codec];
  if (use === undefined || codec === undefined) return undefined;
  try {
    return codec.read(raw, parametersOf(use), context);
  } catch (error) {
    // A text that is no GVariant has no meaning; the raw value still travels.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/**
 * The raw value that says `value` on Linux, for the place the device has; undefined when nothing there can say it.
 *
 * `remembered` is the raw value this platform had last, from the backup or from the device itself: it is given back
 * when it means the same, so that what a neutral value cannot say is not lost.
 */
export function linuxFromNeutral(
  setting: Setting,
  value: Json,
  { place, remembered, context }: { place: LinuxPlace; remembered?: Json; context: CodecContext },
): Written | undefined {
  const use = setting.neutral?.linux;
  const codec = use && CODECS[use.codec];
  if (use === undefined || codec === undefined) return undefined;
  if (remembered !== undefined) {
    const meant = neutralFromLinux(setting, remembered, context);
    if (meant !== undefined && canonicalJson(meant) === canonicalJson(value))
      return { raw: remembered, clamped: false };
  }
  const types = place.mechanism === 'dconf' ? typesOf(place) : {};
  return codec.write(value, parametersOf(use), { types, remembered, context });
}

/** Keys of other settings that the codec of this one reads: to be put into `context.neighbours`. */
export function neighbourKeysOf(setting: Setting): readonly string[] {
  const other = setting.neutral?.linux?.['other'];
  return typeof other === 'string' ? [other] : [];
}

/** Whether the catalog may name this codec for a Linux side. */
export function isLinuxCodec(name: string): boolean {
  return Object.hasOwn(CODECS, name);
}

/** glibc's name of a locale ("sr_RS.UTF-8@latin") and its BCP-47 tag ("sr-Latn-RS"). */
const locale: Codec = {
  read: (raw) => {
    const name = textValue(raw);
    const parts = typeof name === 'string' ? LOCALE.exec(name) : null;
    if (parts === null) return undefined;
    const [, language = '', territory, modifier] = parts;
    const script = modifier === undefined ? undefined : entryOf(SCRIPTS, modifier);
    return [language, script, territory].filter((part) => part !== undefined).join('-');
  },
  write: (value) => {
    const parts = typeof value === 'string' ? TAG.exec(value) : null;
    if (parts === null) return undefined;
    const [, language = '', script, territory] = parts;
    if (territory === undefined) return undefined;
    const modifier = Object.keys(SCRIPTS).find((name) => SCRIPTS[name] === script);
    return exactly(toGvariant(`${language}_${territory}.UTF-8${modifier === undefined ? '' : `@${modifier}`}`, 's'));
  },
};

/** A picture: its content and name; null when there is none. Raw: `{uri, blob?, mediaType?, bytes?}`. */
const image: Codec = {
  read: (raw) => {
    const { uri, blob, mediaType, bytes } = (raw ?? {}) as Readonly<Record<string, Json>>;
    if (uri === '') return null;
    if (typeof uri !== 'string' || typeof blob !== 'string') return undefined;
    const name = decodedName(uri);
    return { blob, name, ...(mediaType !== undefined && { mediaType }), ...(bytes !== undefined && { bytes }) };
  },
  write: (value) => {
    if (value === null) return exactly({ uri: '' });
    const { blob, name, ...rest } = value as Readonly<Record<string, Json>>;
    if (typeof blob !== 'string' || typeof name !== 'string' || !/^[^/\p{Cc}]+$/u.test(name) || /^\.+$/.test(name))
      return undefined;
    return exactly({ ...rest, blob, uri: `${BACKGROUNDS}/${encodeURIComponent(name)}` });
  },
};

const CODECS: Readonly<Record<string, Codec>> = {
  boolean,
  enum: choice,
  number,
  colour,
  colourName,
  booleans,
  gatedEnum,
  gatedNumber,
  sumWith,
  daySchedule,
  locale,
  inputSources,
  applications,
  image,
};

const LOCALE = /^([a-z]{2,3})(?:_([A-Z]{2}|\d{3}))?(?:\.[\w-]+)?(?:@(\w+))?$/;
const TAG = /^([a-z]{2,3})(?:-([A-Z][a-z]{3}))?(?:-([A-Z]{2}|\d{3}))?$/;
const SCRIPTS: Readonly<Record<string, string>> = { latin: 'Latn', cyrillic: 'Cyrl' };

/** The home folder is a placeholder in payloads, expanded at restore. */
const BACKGROUNDS = `file://\${HOME}/.local/share/backgrounds`;

function parametersOf(use: CodecUse): Parameters {
  return use as Parameters;
}

function typesOf({ keys, types }: DconfPlace): Record<string, string> {
  return Object.fromEntries(keys.map((key, index) => [key, types[index] ?? '']));
}

function decodedName(uri: string): string {
  const last = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(last);
  } catch (error) {
    // A stray percent sign is part of the name.
    if (error instanceof URIError) return last;
    throw error;
  }
}
