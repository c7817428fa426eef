/**
 * The home folder inside text files: stored as ${HOME}, expanded to the home of whoever restores.
 *
 * In a file URI the home is percent-encoded, elsewhere it is plain; both come back in their own form. A text that already
 * says ${HOME} gets one more dollar sign while stored, so that it comes back as it was. Content that is not UTF-8 is
 * left alone both ways.
 *
 * Pure.
 */

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A folder called /home/lenas or /mnt/home/lena is not Lena's home. */
const NAME_BEFORE = String.raw`(?<![\p{L}\p{N}._~-])`;
const NAME_AFTER = String.raw`(?![\p{L}\p{N}._~%-])`;

/** Names on Windows hold spaces as often as not: C:\Users\Lena Maier is not Lena's. */
const WINDOWS_NAME_AFTER = String.raw`(?=$|[\\/"',;|])`;

/** Stored form of a text file. */
export function homeTemplated(content: Uint8Array, home: string): Uint8Array {
  return changed(content, (text) => textTemplated(text, home));
}

/** The stored form as it belongs into the folder `home`. */
export function homeExpanded(content: Uint8Array, home: string): Uint8Array {
  return changed(content, (text) => textExpanded(text, home));
}

/** Stored form of one text. */
export function textTemplated(text: string, home: string): string {
  const encoded = escaped(uriPath(home)).replace(/%[0-9A-F]{2}/g, (code) => `%(?i:${code.slice(1)})`);
  return text
    .replace(/\$+\{HOME\}/g, (found) => `$${found}`)
    .replace(new RegExp(`(file://)${encoded}${NAME_AFTER}`, 'gu'), (_, scheme: string) => `${scheme}\${HOME}`)
    .replace(new RegExp(`${NAME_BEFORE}${escaped(home)}${NAME_AFTER}`, 'gu'), () => `\${HOME}`);
}

/** Stored form of one text of a Windows PC; `profile` with backslashes. Windows does not tell capitals from small letters. */
export function windowsTextTemplated(text: string, profile: string): string {
  return text
    .replace(/\$+\{HOME\}/g, (found) => `$${found}`)
    .replace(new RegExp(`${NAME_BEFORE}${escaped(profile)}${WINDOWS_NAME_AFTER}`, 'giu'), () => `\${HOME}`);
}

/** One stored text as it belongs into the folder `home`. */
export function textExpanded(text: string, home: string): string {
  return text.replace(/(file:\/\/)?(\$+)\{HOME\}/g, (_, scheme: string | undefined, dollars: string) => {
    if (dollars.length > 1) return `${scheme ?? ''}${dollars.slice(1)}{HOME}`;
    return scheme === undefined ? home : `${scheme}${uriPath(home)}`;
  });
}

/** A path as GLib writes it into file URIs: everything but unreserved characters and the delimiters allowed in a path. */
export function uriPath(path: string): string {
  const segments = path.split('/').map(encodeURIComponent);
  return segments.join('/').replace(/%(24|26|2B|2C|3A|3B|3D|40)/g, (code) => decodeURIComponent(code));
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, (sign) => `\\${sign}`);
}

function changed(content: Uint8Array, change: (text: string) => string): Uint8Array {
  let text: string;
  try {
    text = UTF8.decode(content);
  } catch {
    return content;
  }
  return new TextEncoder().encode(change(text));
}
