/**
 * Which picture format some bytes are in, by their first bytes: a name or a setting proves nothing.
 *
 * Pure. Source: the formats' own signatures.
 */

const SIGNATURES: readonly { readonly mediaType: string; readonly suffix: string; readonly start: RegExp }[] = [
  { mediaType: 'image/png', suffix: '.png', start: /^\x89PNG\r\n.\n/ },
  { mediaType: 'image/jpeg', suffix: '.jpg', start: /^\xff\xd8\xff/ },
  { mediaType: 'image/webp', suffix: '.webp', start: /^RIFF.{4}WEBP/s },
  { mediaType: 'image/gif', suffix: '.gif', start: /^GIF8[79]a/ },
  { mediaType: 'image/tiff', suffix: '.tiff', start: /^(?:II\*\0|MM\0\*)/ },
  { mediaType: 'image/bmp', suffix: '.bmp', start: /^BM.{4}\0\0\0\0/s },
  { mediaType: 'image/avif', suffix: '.avif', start: /^.{4}ftypavi[fs]/s },
  { mediaType: 'image/heif', suffix: '.heic', start: /^.{4}ftyp(?:hei[cmsx]|hev[cmsx]|mif1|msf1)/s },
  { mediaType: 'image/jxl', suffix: '.jxl', start: /^(?:\xff\n|.{4}JXL )/s },
  {
    mediaType: 'image/svg+xml',
    suffix: '.svg',
    start: /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]/s,
  },
];

/** How far into a file its signature may reach: an SVG may open with comments. */
const LOOK_AT_BYTES = 4096;

/** Undefined when the bytes are none of the formats that desktops show. */
export function mediaTypeOf(content: Uint8Array): string | undefined {
  const start = startOf(content);
  return SIGNATURES.find((signature) => signature.start.test(start))?.mediaType;
}

/** The usual ending of a file of this type, with its dot; empty for a type that is not in the table. */
export function suffixOf(mediaType: string): string {
  return SIGNATURES.find((signature) => signature.mediaType === mediaType)?.suffix ?? '';
}

/** GNOME's slide shows: XML that names pictures and times. */
export function isTimedBackground(content: Uint8Array): boolean {
  return /^\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<background[\s>]/s.test(startOf(content));
}

/** One character a byte, so that signatures can be written as they are. */
function startOf(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, Math.min(content.length, LOOK_AT_BYTES)).toString('latin1');
}
