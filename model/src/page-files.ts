/**
 * How the files of the built pages are answered: which encoding, for how long a browser keeps them, what is new to it.
 *
 * Only names that the build wrote into its list are answered, so no address leads anywhere else on the disk. Files under
 * /assets/ bear their content's hash in the name and never change; pages carry a nonce and are never kept.
 *
 * Pure: the service and the device's loopback server read the files, each by its own door.
 * Source: RFC 9110 (Accept-Encoding, If-None-Match), RFC 8246 (immutable).
 */

/** The file beside the pages that says what the build made. */
export const PAGE_LIST = 'pages.json';

/** What web/build.ts writes as PAGE_LIST. */
export interface PageList {
  /** File of each page by its name, e.g. { restore: "restore.html" }. */
  readonly pages: Readonly<Record<string, string>>;
  /** By address, e.g. "/assets/main-x1.js". */
  readonly assets: Readonly<Record<string, Asset>>;
}

export interface Asset {
  readonly type: string;
  /** Digest of the content, without quotes. */
  readonly etag: string;
  /** File, relative to the list, of each encoding it lies there in; "identity" always. */
  readonly files: { readonly identity: string } & Readonly<Partial<Record<Encoding, string>>>;
}

/** Best first. */
const ENCODINGS = ['br', 'gzip'] as const;
type Encoding = (typeof ENCODINGS)[number];

export interface AssetRequest {
  /** Path of the address, without its query. */
  readonly path: string;
  /** Accept-Encoding and If-None-Match, as they came. */
  readonly acceptEncoding: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

export interface AssetAnswer {
  readonly status: 200 | 304;
  readonly headers: Readonly<Record<string, string>>;
  /** To send; undefined with 304. */
  readonly file?: string;
}

/** A page is made for one answer; nobody may keep it. */
export const PAGE_HEADERS = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' } as const;

/** The answer to a request for a file of the build; undefined when the build has no such file. */
export function assetAnswer(list: PageList, request: AssetRequest): AssetAnswer | undefined {
  const asset = Object.hasOwn(list.assets, request.path) ? list.assets[request.path] : undefined;
  if (asset === undefined) return undefined;
  const encoding = ENCODINGS.find((one) => asset.files[one] !== undefined && accepts(request.acceptEncoding, one));
  const etag = `"${asset.etag}${encoding === undefined ? '' : `-${encoding}`}"`;
  const headers = {
    'cache-control': 'public, max-age=31536000, immutable',
    etag,
    ...(asset.files.br === undefined && asset.files.gzip === undefined ? {} : { vary: 'accept-encoding' }),
  };
  const known = request.ifNoneMatch?.split(',').map((tag) => tag.trim().replace(/^W\//, '')) ?? [];
  if (known.includes(etag) || known.includes('*')) return { status: 304, headers };
  return {
    status: 200,
    headers: {
      ...headers,
      'content-type': asset.type,
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    },
    file: (encoding === undefined ? undefined : asset.files[encoding]) ?? asset.files.identity,
  };
}

/** "q=0" refuses; "*" takes what is not named. */
function accepts(header: string | undefined, encoding: Encoding): boolean {
  const offers = (header ?? '').split(',').map((offer) => {
    const [name = '', ...parameters] = offer
      .trim()
      .toLowerCase()
      .split(/\s*;\s*/);
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { name, refused: weight !== undefined && Number(weight) === 0 };
  });
  const offer = offers.find(({ name }) => name === encoding) ?? offers.find(({ name }) => name === '*');
  return offer !== undefined && !offer.refused;
}
