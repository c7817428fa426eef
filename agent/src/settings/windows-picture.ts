/**
 * A picture that Windows names by its path: the desktop's, the lock screen's. The picture travels by content.
 *
 * Taken are pictures below the profile folder and in the folder where Windows keeps its own; nothing on another computer
 * is ever read or named. A picture that this PC has at the same place with the same bytes stays there; any other comes to
 * Pictures, beside what is there. Where the picture itself is gone, the copy counts that Windows made of it.
 *
 * Shape: raw is `{ path, blob?, mediaType?, bytes? }`, `path` with the profile folder as ${HOME}; "" for no picture.
 */

import type { Json } from '@carryover/model/canonical';
import type { Reason } from '@carryover/model/reasons';
import { MAX_BLOB_BYTES } from '@carryover/model/unit';
import type { System } from '../system/system.ts';
import { textExpanded, windowsTextTemplated } from './home-template.ts';
import type { FoundBlob, MechanismContext } from './mechanism.ts';
import { notAPicture, tooLarge, unreadable } from './picture-reasons.ts';
import { mediaTypeOf, suffixOf } from './picture-type.ts';

export interface RawPicture {
  readonly path: string;
  readonly blob?: string;
  readonly mediaType?: string;
}

/** A picture of a backup that is to be put onto this PC, with slashes. */
export interface NewPicture {
  readonly path: string;
  readonly blob: string;
}

/** A picture as Windows shows it: where it was chosen, and the copy that Windows keeps of it. */
export interface ShownPicture {
  /** "" for none. */
  readonly path: string;
  copy(): Promise<Uint8Array | undefined>;
}

/** The picture as it will travel; or why it cannot. */
export async function pictureOf(
  context: MechanismContext,
  picture: ShownPicture,
): Promise<{ readonly raw: Json; readonly blobs: readonly FoundBlob[] } | Reason> {
  const { path } = picture;
  if (path === '') return { raw: { path }, blobs: [] };
  const shown = await contentOf(context.system, picture);
  if ('code' in shown) return shown;
  const { content, mediaType } = shown;
  const blobId = context.blobIdOf(content);
  const templated = windowsTextTemplated(path, backslashed(context.system.home));
  return {
    raw: { path: templated, blob: blobId, mediaType, bytes: content.length },
    blobs: [{ blobId, content }],
  };
}

/** What putting a picture comes down to: its path, whether it is shown already, and a picture that is yet to be put. */
export interface PictureWish {
  readonly path: string;
  readonly isShown: boolean;
  readonly picture?: NewPicture;
}

export async function pictureWish(
  context: MechanismContext,
  raw: Json,
  now: ShownPicture | undefined,
): Promise<PictureWish | { readonly reason: Reason }> {
  const { system } = context;
  const wanted = rawPictureFrom(raw);
  if (wanted === undefined)
    return { reason: { code: 'badValue', facts: { detail: 'it does not describe a picture' } } };
  const path = textExpanded(wanted.path, backslashed(system.home));
  if (path !== '' && !isLocal(path)) return { reason: { code: 'remoteLocation', facts: { uri: path } } };
  const { blob } = wanted;
  const isShown = now !== undefined && (blob === undefined ? now.path === path : await isSame(context, now, blob));
  if (path === '' || isShown) return { path: isShown && now !== undefined ? now.path : path, isShown };
  if (blob === undefined) {
    const there = await contentAt(system, path);
    return 'code' in there ? { reason: there } : { path, isShown };
  }
  if (await holds(context, path, blob)) return { path, isShown };
  for (const name of namesFor(path, blob, wanted.mediaType)) {
    const place = `${system.home}/Pictures/${name}`;
    if ((await system.facts(place)) === undefined)
      return { path: backslashed(place), isShown, picture: { path: place, blob } };
    if (await holds(context, place, blob)) return { path: backslashed(place), isShown };
  }
  return { reason: { code: 'fileUnreadable', facts: { path } } };
}

/** Puts the picture where the wish says. Errors: those of the blob and of writing. */
export async function putPicture(
  { system, blobIdOf, blob }: MechanismContext,
  picture: NewPicture,
): Promise<Reason | undefined> {
  const content = await blob(picture.blob);
  if (blobIdOf(content) !== picture.blob) return { code: 'damaged' };
  if (content.length > MAX_BLOB_BYTES) return tooLarge(picture.path, content.length);
  if (mediaTypeOf(content) === undefined) return notAPicture();
  await system.writeFile(picture.path, content, 0o600);
  return undefined;
}

/** Removes a picture that a restore brought, unless it was changed since. */
export async function removePicture(context: MechanismContext, { path, blob }: NewPicture): Promise<void> {
  if (await holds(context, path, blob)) await context.system.removeFile(path);
}

export function rawPictureFrom(raw: Json): RawPicture | undefined {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) return undefined;
  const { path, blob, mediaType } = raw as { readonly [member: string]: Json };
  if (typeof path !== 'string' || path.includes('\0')) return undefined;
  if (blob !== undefined && (typeof blob !== 'string' || blob === '')) return undefined;
  return {
    path,
    ...(blob === undefined ? {} : { blob }),
    ...(typeof mediaType === 'string' ? { mediaType } : {}),
  };
}

async function isSame(context: MechanismContext, shown: ShownPicture, blob: string): Promise<boolean> {
  const found = await contentOf(context.system, shown);
  return !('code' in found) && context.blobIdOf(found.content) === blob;
}

async function holds(context: MechanismContext, path: string, blob: string): Promise<boolean> {
  const found = await contentAt(context.system, path);
  return !('code' in found) && context.blobIdOf(found.content) === blob;
}

/** Of the picture itself, or of the copy; the reason is the picture's. */
async function contentOf(
  system: System,
  { path, copy }: ShownPicture,
): Promise<{ readonly content: Uint8Array; readonly mediaType: string } | Reason> {
  const original = await contentAt(system, path);
  if (!('code' in original)) return original;
  const content = await copy();
  const mediaType = content === undefined ? undefined : mediaTypeOf(content);
  if (content === undefined || mediaType === undefined) return original;
  return content.length > MAX_BLOB_BYTES ? tooLarge(path, content.length) : { content, mediaType };
}

async function contentAt(
  system: System,
  path: string,
): Promise<{ readonly content: Uint8Array; readonly mediaType: string } | Reason> {
  if (!isLocal(path)) return { code: 'remoteLocation', facts: { uri: path } };
  try {
    const real = await system.realPath(path.replaceAll('\\', '/'));
    if (real === undefined) return unreadable(path);
    if (!(await isPlaceOfPictures(system, real))) return { code: 'outsideHome', facts: { path } };
    const facts = await system.facts(real);
    if (facts?.kind !== 'file') return unreadable(path);
    if (facts.bytes > MAX_BLOB_BYTES) return tooLarge(path, facts.bytes);
    const content = await system.readFile(real);
    if (content === undefined) return unreadable(path);
    const mediaType = mediaTypeOf(content);
    return mediaType === undefined ? notAPicture() : { content, mediaType };
  } catch {
    return unreadable(path);
  }
}

/** Windows keeps its own pictures in the folder Web of its own. */
async function isPlaceOfPictures(system: System, real: string): Promise<boolean> {
  const home = (await system.realPath(system.home)) ?? system.home;
  const windows = (system.env['SYSTEMROOT'] ?? 'C:/Windows').replaceAll('\\', '/');
  return [home, `${windows}/Web`].some((folder) => real.toLowerCase().startsWith(`${folder.toLowerCase()}/`));
}

/** The picture's own name, then one that tells it apart from another picture of that name. */
function namesFor(path: string, blob: string, mediaType = ''): string[] {
  const last = path.slice(path.search(/[^\\/]*$/)).replace(/[\p{Cc}:*?"<>|]/gu, '');
  const [, stem = '', suffix = ''] = /^\.*(.*?)(\.[A-Za-z0-9]{1,5})?$/u.exec(last) ?? [];
  const name =
    [...stem]
      .slice(0, 60)
      .join('')
      .replace(/[. ]+$/, '') || 'background';
  const ending = suffix === '' ? suffixOf(mediaType) : suffix;
  return [`${name}${ending}`, `${name}-${blob.replace(/[^0-9a-z]/gi, '').slice(0, 12)}${ending}`];
}

function isLocal(path: string): boolean {
  return /^[A-Za-z]:[\\/](?![\\/])/.test(path);
}

export function backslashed(path: string): string {
  return path.replaceAll('/', '\\');
}
