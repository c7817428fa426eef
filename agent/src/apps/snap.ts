/**
 * Apps of snapd: a list to read, nothing that a restore installs (only an administrator does).
 *
 * Asked of snapd itself over its local socket, which answers every user; where there is no socket, there are no snaps.
 * This is the agent's one conversation outside `run` and the service: with a socket file, never with a network.
 *
 * Shape: raw is `{ name, title, channel }`. Source: snapd REST API, GET /v2/snaps.
 */

import type { System } from '../system/system.ts';
import type { AppItem, AppSource } from './app-source.ts';
import { listedFinding, outcomeFrom, textIn } from './listed-apps.ts';

const SOCKET = '/run/snapd.socket';
const PREFIX = 'apps.snap/';
/** Milliseconds; snapd answers in tens of them. */
const TIMEOUT_MS = 10_000;

export const snap = snapAt(SOCKET);

export function snapAt(socket: string): AppSource {
  const itemsOf = async (system: System) => ((await system.facts(socket)) === undefined ? [] : await snapsAt(socket));
  const inspect: AppSource['inspect'] = async ({ system }, items) => {
    if (items.length === 0) return new Map();
    const installed = new Set((await itemsOf(system).catch((): AppItem[] => [])).map(({ itemId }) => itemId));
    return new Map(items.map((item) => [item.itemId, listedFinding(item, installed.has(item.itemId), 'snap')]));
  };
  return {
    prefixes: [PREFIX],

    async list(system) {
      try {
        return { items: await itemsOf(system), failures: [] };
      } catch {
        const reason = { code: 'appListUnreadable', facts: { source: 'snapd' } } as const;
        return { items: [], failures: [{ itemId: 'apps.snap', reason }] };
      }
    },

    words(item) {
      const title = textIn(item.raw, 'title') ?? textIn(item.raw, 'name');
      return title === undefined ? undefined : { title, will: 'snap', flags: [] };
    },

    inspect,

    apply: async (context, item) => outcomeFrom(item.itemId, (await inspect(context, [item])).get(item.itemId)),

    watched: async () => [socket, '/var/lib/snapd/state.json'],
  };
}

interface Snap {
  readonly name: string;
  readonly type: string;
  readonly title?: string;
  readonly 'tracking-channel'?: string;
}

/** Errors: when snapd does not answer, or not with a list. */
async function snapsAt(socketPath: string): Promise<AppItem[]> {
  // Loaded only where there is a socket: it costs a run as much as everything else here together.
  const [{ request }, { text }] = await Promise.all([import('node:http'), import('node:stream/consumers')]);
  const body = await new Promise<string>((resolve, reject) => {
    const asked = request({ socketPath, path: '/v2/snaps', timeout: TIMEOUT_MS }, (response) => {
      text(response).then(resolve, reject);
    });
    asked.on('timeout', () => asked.destroy(new Error('snapd does not answer.')));
    asked.on('error', reject);
    asked.end();
  });
  const { result } = JSON.parse(body) as { result?: unknown };
  if (!Array.isArray(result)) throw new Error('snapd did not answer with a list.');
  return (result as Snap[])
    .filter(({ name, type }) => type === 'app' && typeof name === 'string')
    .map(({ name, title, 'tracking-channel': channel }) => ({
      itemId: PREFIX + name,
      raw: { name, title: title ?? name, channel: channel ?? 'latest/stable' },
    }));
}
