/**
 * Pictures that a setting names by URI: wallpaper and lock screen. A picture travels by content.
 *
 * Taken and placed are pictures below HOME and in the folders where the system keeps backgrounds, by file URI only:
 * nothing on another computer is ever read or named. A picture that the device has at the same place with the same
 * bytes stays there; any other comes to ~/.local/share/backgrounds, beside what is there.
 *
 * Shape: raw is `{ uri, blob?, mediaType?, bytes? }`, `uri` with the home folder as ${HOME}. A timed background (XML)
 * travels as its first picture.
 */

import type { Json } from '@carryover/model/canonical';
import type { Reason } from '@carryover/model/reasons';
import { MAX_BLOB_BYTES } from '@carryover/model/unit';
import type { System } from '../system/system.ts';
import { textExpanded, textTemplated, uriPath } from './home-template.ts';
import type { FoundBlob, MechanismContext } from './mechanism.ts';
import { notAPicture, tooLarge, unreadable } from './picture-reasons.ts';
import { isTimedBackground, mediaTypeOf, suffixOf } from './picture-type.ts';
import { dataFolders } from './schemas.ts';

export interface RawPicture {
  readonly uri: string;
  readonly blob?: string;
  readonly mediaType?: string;
  readonly bytes?: number;
}

/** Undefined when it does not describe a picture. */
export function rawPictureFrom(raw: Json): RawPicture | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const { uri, blob, mediaType, bytes } = raw as { readonly [member: string]: Json };
  if (typeof uri !== 'string') return undefined;
  if (blob !== undefined && (typeof blob !== 'string' || blob === '')) return undefined;
  return {
    uri,
    ...(blob === undefined ? {} : { blob }),
    ...(typeof mediaType === 'string' ? { mediaType } : {}),
    ...(typeof bytes === 'number' ? { bytes } : {}),
  };
}

/** The picture a setting names, as it will travel; or why it cannot. */
export async function pictureOf(
  context: MechanismContext,
  uri: string,
): Promise<{ readonly raw: RawPicture; readonly blobs: readonly FoundBlob[] } | Reason> {
  const { system } = context;
  const path = pathOf(uri);
  if (path === 'none') return { raw: { uri }, blobs: [] };
  if (path === 'elsewhere') return remote(uri);
  const picture = await pictureAt(system, path);
  if ('code' in picture) return picture;
  const blobId = context.blobIdOf(picture.content);
  const { mediaType, content } = picture;
  const raw = { uri: textTemplated(uri, system.home), blob: blobId, mediaType, bytes: content.length };
  return { raw, blobs: [{ blobId, content }] };
}

/** What keeps a picture from being placed here, as far as its description tells. */
export function pictureObstacle({ home }: System, { uri, bytes = 0 }: RawPicture): Reason | undefined {
  if (pathOf(textExpanded(uri, home)) === 'elsewhere') return remote(uri);
  return bytes > MAX_BLOB_BYTES ? tooLarge(uri, bytes) : undefined;
}

/** Whether the picture that the setting names now is the wanted one, wherever it lies. */
export async function isShown(context: MechanismContext, wanted: RawPicture, nowUri: string): Promise<boolean> {
  if (wanted.blob === undefined) return textExpanded(wanted.uri, context.system.home) === nowUri;
  const now = pathOf(nowUri);
  return now !== 'none' && now !== 'elsewhere' && holds(context, now, wanted.blob);
}

/** Where the wanted picture is or will be on this device. */
export type PicturePlace =
  | { readonly kind: 'there'; readonly uri: string }
  | { readonly kind: 'new'; readonly uri: string; readonly path: string; readonly blob: string }
  | { readonly kind: 'nowhere'; readonly reason: Reason };

export async function picturePlace(context: MechanismContext, wanted: RawPicture): Promise<PicturePlace> {
  const { system } = context;
  const uri = textExpanded(wanted.uri, system.home);
  const path = pathOf(uri);
  if (path === 'none') return { kind: 'there', uri };
  if (path === 'elsewhere') return { kind: 'nowhere', reason: remote(uri) };
  const { blob } = wanted;
  if (blob === undefined) {
    const picture = await pictureAt(system, path);
    return 'code' in picture ? { kind: 'nowhere', reason: picture } : { kind: 'there', uri: fileUri(path) };
  }
  if (await holds(context, path, blob)) return { kind: 'there', uri: fileUri(path) };
  for (const name of namesFor(path, wanted)) {
    const place = `${system.home}/.local/share/backgrounds/${name}`;
    if ((await system.facts(place)) === undefined) return { kind: 'new', uri: fileUri(place), path: place, blob };
    if (await holds(context, place, blob)) return { kind: 'there', uri: fileUri(place) };
  }
  return { kind: 'nowhere', reason: unreadable(path) };
}

/** Makes sure that the picture is where `place` says. Errors: those of the blob and of writing. */
export async function putPicture(
  { system, blobIdOf }: MechanismContext,
  place: Extract<PicturePlace, { kind: 'new' }>,
  content: Uint8Array,
): Promise<Reason | undefined> {
  if (blobIdOf(content) !== place.blob) return { code: 'damaged' };
  if (content.length > MAX_BLOB_BYTES) return tooLarge(place.uri, content.length);
  if (mediaTypeOf(content) === undefined) return notAPicture();
  await system.writeFile(place.path, content, 0o644);
  return undefined;
}

/** Removes a picture that a restore brought, unless it was changed since. */
export async function removePicture(context: MechanismContext, path: string, blob: string): Promise<void> {
  if (await holds(context, path, blob)) await context.system.removeFile(path);
}

async function holds(context: MechanismContext, path: string, blob: string): Promise<boolean> {
  const picture = await pictureAt(context.system, path);
  return !('code' in picture) && context.blobIdOf(picture.content) === blob;
}

/** The path a URI names on this device: "none" for no picture at all, "elsewhere" for anything that is not a file here. */
function pathOf(uri: string): string {
  if (uri === '' || uri === 'none') return 'none';
  const encoded = /^file:\/\/(?:localhost)?(\/(?!\/).*)$/i.exec(uri)?.[1];
  if (encoded === undefined) return /^\/(?!\/)/.test(uri) ? uri : 'elsewhere';
  try {
    const path = decodeURIComponent(encoded.replace(/[?#].*$/, ''));
    return path.includes('\0') ? 'elsewhere' : path;
  } catch {
    return 'elsewhere';
  }
}

interface Picture {
  readonly content: Uint8Array;
  readonly mediaType: string;
}

async function pictureAt(system: System, path: string): Promise<Picture | Reason> {
  const file = await contentAt(system, path);
  if (!(file instanceof Uint8Array)) return file;
  const mediaType = mediaTypeOf(file);
  if (mediaType !== undefined) return { content: file, mediaType };
  const first = isTimedBackground(file) ? firstPictureOf(file) : undefined;
  if (first === undefined) return notAPicture();
  const content = await contentAt(system, first);
  if (!(content instanceof Uint8Array)) return content;
  const firstType = mediaTypeOf(content);
  return firstType === undefined ? notAPicture() : { content, mediaType: firstType };
}

/** Links are followed here, because systems name their default picture by one; where they lead decides. */
async function contentAt(system: System, path: string): Promise<Uint8Array | Reason> {
  try {
    const real = await system.realPath(path);
    if (real === undefined) return unreadable(path);
    if (!(await isPlaceOfPictures(system, real))) return { code: 'outsideHome', facts: { path } };
    const facts = await system.facts(real);
    if (facts?.kind !== 'file') return unreadable(path);
    if (facts.bytes > MAX_BLOB_BYTES) return tooLarge(path, facts.bytes);
    return (await system.readFile(real)) ?? unreadable(path);
  } catch {
    return unreadable(path);
  }
}

const PICTURE_FOLDERS = ['backgrounds', 'wallpapers', 'images', 'pixmaps', 'desktop-base', 'gnome'];

async function isPlaceOfPictures(system: System, real: string): Promise<boolean> {
  const home = (await system.realPath(system.home)) ?? system.home;
  const shared = dataFolders(system).slice(1);
  const folders = shared.flatMap((folder) => PICTURE_FOLDERS.map((name) => `${folder}/${name}`));
  return [home, ...folders].some((folder) => real.startsWith(`${folder}/`));
}

function firstPictureOf(xml: Uint8Array): string | undefined {
  const text = new TextDecoder().decode(xml);
  const named = /<(?:file|from)>\s*(?:<size\b[^>]*>)?\s*([^<]+?)\s*</.exec(text)?.[1];
  return named?.replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => ENTITIES[name] ?? '');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** The picture's own name, then one that tells it apart from another picture of that name. */
function namesFor(path: string, { mediaType = '', blob = '' }: RawPicture): string[] {
  const last = path.slice(path.lastIndexOf('/') + 1).replace(/[\p{Cc}/]/gu, '');
  const [, stem = '', suffix = ''] = /^\.*(.*?)(\.[A-Za-z0-9]{1,5})?$/u.exec(last) ?? [];
  const name = [...stem].slice(0, 60).join('') || 'background';
  const ending = suffix === '' || suffix.toLowerCase() === '.xml' ? suffixOf(mediaType) : suffix;
  return [`${name}${ending}`, `${name}-${blob.replace(/[^0-9a-z]/gi, '').slice(0, 12)}${ending}`];
}

function fileUri(path: string): string {
  return `file://${uriPath(path)}`;
}

function remote(uri: string): Reason {
  return { code: 'remoteLocation', facts: { uri } };
}
