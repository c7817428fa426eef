/**
 * The samples of docs/life-of-a-restore.md, cut out of a recorded run: text blocks by name, in the order of the page.
 *
 * Nothing is made up: each block is what was printed, sent or stored. Long lists are cut with "…", secrets of a request
 * are cut after their beginning, and the devices' scratch homes read /home/lena.
 */

import { createHash, createHmac } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import type { Exchange } from '../../e2e/testing/recording-proxy.ts';
import { KnownError } from '../../model/src/errors.ts';
import { decodeParts, type Part, type Parts } from '../../model/src/parts.ts';
import type { SnapshotHead } from '../../model/src/wire.ts';
import { deploymentKeyFromFile } from '../../server/src/keys/deployment-key.ts';
import { openKeys } from '../../server/src/keys/hierarchy.ts';
import { additionalData, open } from '../../server/src/keys/sealing.ts';
import { unitPlace } from '../../server/src/snapshots/places.ts';
import { hexDump } from './hex-dump.ts';
import type { RecordedRun } from './recorded-run.ts';

export type Samples = Readonly<Record<string, string>>;

const STYLE = 'carryover.appearance';
const BACKGROUND = 'carryover.background';

/** Errors: Error when the run lacks what the page shows, or when something does not open or match as it says. */
export async function samplesOf(run: RecordedRun): Promise<Samples> {
  const upload = exchangeOf(run, 'POST', /\/snapshots$/);
  const parts = decodeParts<SnapshotHead>(upload.body);
  const style = unitOf(parts, STYLE);
  const background = unitOf(parts, BACKGROUND);
  const picture = parts.head.parts.findIndex(({ kind }) => kind === 'blob');
  const profiles = exchangeOf(run, 'GET', /\/profiles$/);
  const choice = exchangeOf(run, 'POST', /\/restore-sessions$/);
  const download = exchangeOf(run, 'GET', /\/snapshots\/1$/);
  const report = exchangeOf(run, 'PUT', /\/report$/);
  const samples = {
    'old-dump': run.dumps.old,
    'unit-style': indented(style.plain),
    'unit-background': indented(background.plain),
    'content-id': contentId(run, style),
    'request-head': requestHead(upload),
    'request-bytes': requestBytes(upload.body, parts, picture),
    'request-json': withoutLongLists(parts.head),
    receipt: indented(upload.answer),
    ...(await stored(run, style)),
    offer: indented(profiles.answer),
    plan: run.printed.plan,
    choice: `${titleOf(choice)}\n${choice.body}\n\n${choice.status}\n${choice.answer}`,
    download: `${titleOf(download)}\n\n${download.status}\n${hexDump(download.answer, { to: 64 })}`,
    dconf: run.dconf,
    journal: run.journal,
    report: `${titleOf(report)}\n${indented(report.body)}`,
    restored: run.printed.restore,
    'fresh-dump': run.dumps.fresh,
    pictures: pictures(run),
    undone: `${run.printed.undo}\n$ dconf dump /\n${run.dumps.undone}`,
  };
  return Object.fromEntries(Object.entries(samples).map(([name, text]) => [name, atHome(text.trim())]));
}

interface OpenedUnit {
  readonly contentId: string;
  readonly sent: Uint8Array;
  readonly plain: Buffer;
}

function unitOf({ head, contents }: Parts<SnapshotHead>, payloadType: string): OpenedUnit {
  const line = head.manifest.units.find((unit) => unit.payloadType === payloadType);
  const index = head.parts.findIndex(({ id }) => id === line?.contentId);
  const sent = contents[index];
  if (line === undefined || sent === undefined) throw new Error(`The upload holds no ${payloadType}`);
  return { contentId: line.contentId, sent, plain: zstdDecompressSync(sent) };
}

function exchangeOf({ exchanges }: RecordedRun, method: string, path: RegExp): Exchange {
  const found = exchanges.find((exchange) => exchange.method === method && path.test(exchange.path));
  if (found === undefined) throw new Error(`No ${method} ${path} was recorded`);
  return found;
}

function contentId({ digestKey }: RecordedRun, { plain, contentId: sent, ...unit }: OpenedUnit): string {
  const made = createHmac('sha256', Buffer.from(digestKey, 'hex')).update(plain).digest('hex');
  if (made !== sent) throw new Error('The content id is not the digest of the content');
  return `canonical JSON     ${plain.length} bytes
as zstd            ${unit.sent.length} bytes
HMAC-SHA256        ${made}`;
}

function titleOf({ method, path }: Exchange): string {
  return `${method} ${path}`;
}

function requestHead(upload: Exchange): string {
  const shown = ['content-type', 'content-length', 'carryover-agent', 'idempotency-key', 'authorization', 'dpop'];
  const lines = shown.map((name) => {
    const value = String(upload.headers[name]);
    return `${name}: ${value.length > 70 ? `${value.slice(0, 40)}…` : value}`;
  });
  return [titleOf(upload), ...lines].join('\n');
}

/** The beginning, where the first unit starts, and where the picture starts. */
function requestBytes(body: Buffer, { head, contents }: Parts<SnapshotHead>, picture: number): string {
  const lengths = contents.map(({ length }) => length);
  const startOf = (index: number) => body.length - lengths.slice(index).reduce((sum, length) => sum + length, 0);
  const kinds = head.parts.map(({ kind, bytes }: Part) => `${kind} ${bytes} bytes`).join(', ');
  return [
    hexDump(body, { to: 48 }),
    '…',
    hexDump(body, { from: startOf(0), to: startOf(0) + 32 }),
    '…',
    hexDump(body, { from: startOf(picture), to: startOf(picture) + 32 }),
    '…',
    `${body.length} bytes: 4 of length, ${body.readUInt32BE(0)} of JSON, then ${kinds}`,
  ].join('\n');
}

/** What lies in the database, and that it opens with its key in its own place only. */
async function stored(run: RecordedRun, unit: OpenedUnit): Promise<Samples> {
  const data = join(run.serviceFolder, 'data');
  const db = new DatabaseSync(join(data, 'carryover.db'), { readOnly: true });
  const keys = await openKeys({
    databaseUrl: `sqlite:${join(data, 'keys.db')}`,
    deploymentKey: (fresh) =>
      deploymentKeyFromFile({
        file: join(run.serviceFolder, 'deployment.key'),
        dataFolder: data,
        fresh,
        confirm: async () => false,
      }),
  });
  try {
    const row = db.prepare('select * from units where content_id = ?').get(unit.contentId);
    const snapshot = db.prepare('select * from snapshots').get();
    const profile = db
      .prepare('select profile_id, head_seq, default_seq, head_mac from profiles where head_seq > 0')
      .get();
    if (row === undefined || snapshot === undefined || profile === undefined) throw new Error('Nothing is stored');
    const text = (name: string) => String(row[name]);
    const sealed = row['sealed'] as Uint8Array;
    const owner = { tenantId: text('tenant_id'), userId: text('user_id') };
    const key = await keys.openingKey(owner, text('profile_id'), text('key_id'));
    const about = { payloadType: text('payload_type'), contentId: text('content_id') };
    const place = unitPlace(owner, text('profile_id'), about);
    const opened = open(key, place, sealed);
    if (Buffer.compare(opened, unit.sent) !== 0) throw new Error('What is stored is not what was sent');
    const moved = refusal(() => open(key, { ...place, userId: owner.tenantId }, sealed));
    return {
      row: columns(row),
      'additional-data': additionalData(key.keyId, place),
      opened: `in its own place           ${opened.length} bytes, the zstd that was sent\nwith another user in it    ${moved}`,
      checked: `snapshots\n${columns(snapshot)}\n\nprofiles\n${columns(profile)}`,
    };
  } finally {
    db.close();
    await keys.close();
  }
}

function refusal(attempt: () => unknown): string {
  try {
    attempt();
  } catch (error) {
    if (error instanceof KnownError) return `${error.code}: ${error.message}`;
    throw error;
  }
  throw new Error('A content opened in a place that is not its own');
}

function columns(row: Readonly<Record<string, unknown>>): string {
  const width = Math.max(...Object.keys(row).map((name) => name.length));
  return Object.entries(row)
    .map(([name, value]) => {
      if (!(value instanceof Uint8Array)) return `${name.padEnd(width)}  ${value === '' ? '(empty)' : value}`;
      return `${name.padEnd(width)}  ${value.length} bytes\n${hexDump(value, { to: 32 })}\n…`;
    })
    .join('\n');
}

function pictures({ wallpapers: { old, fresh } }: RecordedRun): string {
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  if (Buffer.compare(old, fresh) !== 0) throw new Error('The wallpaper is not the same on both devices');
  return `AUE-LT-0417   ${old.length} bytes   sha256 ${digest(old).slice(0, 32)}…
AUE-LT-2291   ${fresh.length} bytes   sha256 ${digest(fresh).slice(0, 32)}…`;
}

function indented(json: Uint8Array): string {
  return JSON.stringify(JSON.parse(Buffer.from(json).toString('utf8')), null, 2);
}

/** Indented, with lists of plain words on one line. */
function withoutLongLists(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /\[\s+("[a-z]+"(?:,\s+"[a-z]+")*)\s+\]/g,
    (_, words: string) => `[${words.replace(/\s+/g, ' ')}]`,
  );
}

function atHome(text: string): string {
  return text.replace(/\/(?!\/)[^\s'":]*\/carryover-device-\w+\/home/g, '/home/lena');
}
