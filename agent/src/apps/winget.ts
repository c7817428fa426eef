/**
 * Apps of Windows that its package manager knows: those of the Microsoft Store and of winget's own source.
 *
 * winget says which of the installed apps its sources know (`export`, which is JSON) and what they are called (`list`,
 * which is a table in the person's language: only the name before a known id is read out of it). Apps are brought over
 * one at a time; what became of one is told by the exit code, and whether it is there is asked afterwards.
 * What an app of the Store needs of a licence is between the Store and the person; the reason says where to find it.
 *
 * Shape: items are `apps.msstore/<product id>`, `apps.winget/<package id>`, and `apps.winget/<source>/<package id>` for a
 * source of the organization's; raw is `{ id, source, name }`. No versions: an update is no change worth a backup.
 * Source: winget's documentation, "export", "list", "install" and "Return codes".
 */

import { setTimeout as pause } from 'node:timers/promises';
import type { Json } from '@carryover/model/canonical';
import type { Reason, ReasonCode } from '@carryover/model/reasons';
import type { Finding } from '@carryover/model/restore-plan';
import type { Outcome } from '../settings/mechanism.ts';
import type { RunResult, System } from '../system/system.ts';
import type { AppItem, AppSource } from './app-source.ts';
import { textIn } from './listed-apps.ts';

const WINGET = 'apps.winget/';
const STORE = 'apps.msstore/';
const [WINGET_SOURCE, STORE_SOURCE] = ['winget', 'msstore'];

/** Nobody is there to answer a question; terms were accepted on the former device. */
const UNATTENDED = ['--accept-source-agreements', '--disable-interactivity'];
/** Milliseconds; the first question of a day brings winget's list of packages anew. */
const LIST_TIMEOUT_MS = 5 * 60 * 1000;
/** Milliseconds for one app; large ones on a slow line take long. */
const INSTALL_TIMEOUT_MS = 60 * 60 * 1000;
const ATTEMPTS = 3;
/** Milliseconds between attempts: another installation is mostly over by then. */
const PAUSE_MS = 15_000;

/** Package and product ids, and names of sources: none can be taken for an option. */
const ID = /^[\w][\w.+-]*$/;

const NOTHING_FOUND = 0x8a150014;

type Verdict = 'installed' | 'restartToFinish' | 'again' | ReasonCode;

/** By exit code; all others are a failure with that code. */
const VERDICTS: ReadonlyMap<number, Verdict> = new Map([
  [0, 'installed'],
  // Nothing newer, a version is installed, another version is installed, a newer version is installed.
  [0x8a15002b, 'installed'],
  [0x8a150061, 'installed'],
  [0x8a15010d, 'installed'],
  [0x8a15010e, 'installed'],
  // Windows Installer's two of its own.
  [3010, 'restartToFinish'],
  [1641, 'restartToFinish'],
  [0x8a150109, 'restartToFinish'],
  [0x8a15010b, 'restartToFinish'],
  [0x8a15010a, 'appRestartFirst'],
  // Another installation is at work, a file is in use, a download broke off.
  [0x8a150102, 'again'],
  [0x8a150103, 'again'],
  [0x8a150008, 'again'],
  [0x8a150107, 'appSourceUnreachable'],
  [0x8a150045, 'appSourceUnreachable'],
  [0x8a15004b, 'appSourceUnreachable'],
  [0x8a150012, 'appSourceNotAllowed'],
  [NOTHING_FOUND, 'appNotOffered'],
  [0x8a150010, 'appNotOffered'],
  [0x8a150019, 'appNeedsAdministrator'],
  [0x8a15001b, 'appBlockedByPolicy'],
  [0x8a15001c, 'appBlockedByPolicy'],
  [0x8a15003a, 'appBlockedByPolicy'],
  [0x8a15010f, 'appBlockedByPolicy'],
  [0x8a15001e, 'appRefusedByStore'],
]);

interface Package {
  readonly id: string;
  readonly source: string;
  readonly name: string;
}

export const winget = wingetWith(PAUSE_MS);

/** `pauseMs`: between attempts. */
export function wingetWith(pauseMs: number): AppSource {
  return {
    prefixes: [WINGET, STORE],

    async list(system) {
      try {
        const known = await exported(system);
        const table = known.length === 0 ? '' : (await run(system, ['list', ...UNATTENDED])).stdout;
        const named = known.map((found) => ({ ...found, name: nameIn(table, found.id) ?? found.id }));
        return { items: named.map(itemFrom), failures: [] };
      } catch {
        const reason = { code: 'appListUnreadable', facts: { source: 'winget' } } as const;
        return { items: [], failures: [{ itemId: 'apps.winget', reason }] };
      }
    },

    words({ raw }) {
      const app = packageFrom(raw);
      const from = app?.source === STORE_SOURCE ? 'Microsoft Store' : app?.source;
      return app && { title: app.name, will: `from ${from}`, flags: [] };
    },

    async inspect({ system }, items) {
      const here = new Set((items.length === 0 ? [] : await exported(system).catch(() => [])).map(itemIdOf));
      return new Map(items.map((item) => [item.itemId, findingOf(item, here)]));
    },

    async apply({ system }, { itemId, raw }) {
      const app = packageFrom(raw);
      if (app === undefined) return { itemId, status: 'failed', reason: BAD_RAW };
      if (await isThere(system, app)) return { itemId, status: 'unchanged' };
      return { itemId, ...(await install(system, app, pauseMs)) };
    },

    // Which apps there are is kept in the registry, and in files that change with every look: winget is asked each time.
    watched: async () => [],
  };
}

async function install(system: System, app: Package, pauseMs: number): Promise<Omit<Outcome, 'itemId'>> {
  const args = ['install', ...exactly(app), '--silent', '--accept-package-agreements', ...UNATTENDED];
  for (let attempt = 1; ; attempt += 1) {
    const result = await run(system, args, INSTALL_TIMEOUT_MS);
    const verdict = VERDICTS.get(codeOf(result));
    if (verdict === 'again' && attempt < ATTEMPTS) {
      await pause(pauseMs);
      continue;
    }
    if (verdict === 'restartToFinish')
      return { status: 'applied', reason: { code: 'appRestartToFinish', facts: { app: app.name } } };
    if (verdict === 'installed' && (await isThere(system, app))) return { status: 'applied' };
    const code = verdict === undefined || verdict === 'installed' || verdict === 'again' ? 'appFailed' : verdict;
    const detail = verdict === 'installed' ? 'winget says it is installed, and does not find it' : endOf(result);
    const facts = { app: app.name, source: app.source, link: storeLink(app.id), detail };
    return { status: code === 'appNeedsAdministrator' ? 'needsElevation' : 'failed', reason: { code, facts } };
  }
}

function endOf(result: RunResult): string {
  return `winget ended with 0x${codeOf(result).toString(16)}`;
}

/** As Windows has it: 32 bits without a sign, however the runtime tells it. */
function codeOf({ exit }: RunResult): number {
  return exit >>> 0;
}

async function isThere(system: System, app: Package): Promise<boolean> {
  return codeOf(await run(system, ['list', ...exactly(app), ...UNATTENDED])) === 0;
}

function exactly({ id, source }: Package): string[] {
  return ['--id', id, '--exact', '--source', source];
}

function findingOf({ itemId, raw }: AppItem, here: ReadonlySet<string>): Finding {
  const app = packageFrom(raw);
  const none = { now: undefined, nowWords: '', same: false };
  if (app === undefined) return { ...none, obstacle: { status: 'failed', reason: BAD_RAW } };
  return here.has(itemId) ? { now: raw, nowWords: 'installed', same: true } : none;
}

/** Installed apps that a source knows, without their names. Errors: Error when winget does not say. */
async function exported(system: System): Promise<Omit<Package, 'name'>[]> {
  await using folder = await system.temporaryFolder();
  const file = `${folder.path}/apps.json`;
  const result = await run(system, ['export', '--output', file, ...UNATTENDED]);
  const content = await system.readFile(file);
  if (content === undefined) throw new Error(endOf(result));
  const { Sources } = JSON.parse(Buffer.from(content).toString()) as { readonly Sources?: readonly ExportedSource[] };
  return (Sources ?? []).flatMap(({ SourceDetails, Packages }) =>
    (Packages ?? []).flatMap(({ PackageIdentifier: id }) => {
      const source = SourceDetails?.Name;
      return isId(id) && isId(source) ? [{ id, source }] : [];
    }),
  );
}

interface ExportedSource {
  readonly SourceDetails?: { readonly Name?: unknown };
  readonly Packages?: readonly { readonly PackageIdentifier?: unknown }[];
}

function isId(text: unknown): text is string {
  return typeof text === 'string' && ID.test(text);
}

/** What stands before an id in winget's table; undefined where the table had no room for the whole of it. */
function nameIn(table: string, id: string): string | undefined {
  for (const line of table.split(/\r?\n/)) {
    const at = ` ${line} `.indexOf(` ${id} `);
    const name = at < 1 ? '' : line.slice(0, at).trim();
    if (name !== '' && !name.endsWith('…')) return name;
  }
  return undefined;
}

async function run(system: System, args: readonly string[], timeoutMs = LIST_TIMEOUT_MS): Promise<RunResult> {
  return system.run('winget', args, { timeoutMs });
}

function itemIdOf({ id, source }: Omit<Package, 'name'>): string {
  if (source === STORE_SOURCE) return STORE + id;
  return source === WINGET_SOURCE ? WINGET + id : `${WINGET}${source}/${id}`;
}

function itemFrom({ id, source, name }: Package): AppItem {
  return { itemId: itemIdOf({ id, source }), raw: { id, source, name } };
}

function packageFrom(raw: Json): Package | undefined {
  const [id, source] = [textIn(raw, 'id'), textIn(raw, 'source')];
  return isId(id) && isId(source) ? { id, source, name: textIn(raw, 'name') ?? id } : undefined;
}

/** Opens the app's page in the Store. Only the Store gives the answer that names it. */
function storeLink(productId: string): string {
  return `ms-windows-store://pdp/?ProductId=${productId}`;
}

const BAD_RAW: Reason = { code: 'badValue', facts: { detail: 'it does not describe an app' } };
