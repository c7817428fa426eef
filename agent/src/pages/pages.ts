/**
 * A local page, start to end: serve it -> write the file that leads in -> open a window -> wait until it is closed and
 * nothing runs -> leave nothing behind.
 */

import { KnownError } from '@carryover/model/errors';
import type { LocalPage } from '@carryover/model/local-pages';
import type { Language } from '@carryover/model/reasons';
import type { System } from '../system/system.ts';
import { bootstrapPage } from './bootstrap.ts';
import type { End } from './lifetime.ts';
import type { LocalRoute } from './local-routes.ts';
import { type LocalServer, localServer } from './local-server.ts';
import { pageTemplate } from './page-files.ts';
import { openWindow } from './window.ts';

export interface LocalPageInput {
  readonly system: System;
  readonly page: LocalPage;
  readonly routes: readonly LocalRoute[];
  /** Folder of the built pages. */
  readonly folder: string;
  readonly language: Language;
  /** False: the page is served and the caller says where; true: a window is opened. */
  readonly opensWindow: boolean;
  /** The page can be seen from now on. */
  readonly onOpen: (opened: OpenedPage) => void;
  readonly onFault: (error: unknown) => void;
  /** Begins what runs without being asked, e.g. a restore that was chosen before. */
  readonly onServing?: (server: LocalServer) => void;
  /** As of the server; for tests. */
  readonly idleMs?: number;
  readonly leaveMs?: number;
}

export interface OpenedPage {
  /** http://127.0.0.1:port, of no use without the file. */
  readonly address: string;
  /** The file that leads in, which only the person can read, and only once. */
  readonly file: string;
  /** Whether a window was opened; if not, the person opens the file. */
  readonly opened: boolean;
}

const BOOTSTRAP = 'windows-backup.html';

/** Errors: missingPart when the pages were not built. */
export async function showLocalPage(input: LocalPageInput): Promise<End> {
  const { system, page, routes, folder, language, idleMs, leaveMs } = input;
  // Said before a window opens that would show nothing.
  await pageTemplate(system, folder, page);
  await using bootstrap = await system.temporaryFolder();
  await using profile = await system.temporaryFolder();
  const options = { system, page, routes, folder, language, onFault: input.onFault };
  await using server = await localServer({
    ...options,
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(leaveMs === undefined ? {} : { leaveMs }),
  });
  input.onServing?.(server);
  await bootstrap.writeFile(BOOTSTRAP, bootstrapPage({ origin: server.origin, key: server.key, language }));
  void server.started.then(() => bootstrap.removeFile(BOOTSTRAP));
  const file = `${bootstrap.path}/${BOOTSTRAP}`;
  const window = input.opensWindow ? await openWindow(system, file, profile.path) : undefined;
  try {
    void window?.closed.then(() => server.leave());
    input.onOpen({ address: server.origin, file, opened: window !== undefined });
    return await server.ended;
  } finally {
    await window?.close();
  }
}

/** Errors: accessDenied when the page ended because two had its key. */
export function mustHaveEndedWell(end: End): void {
  if (end !== 'keyUsedTwice') return;
  throw new KnownError('accessDenied', 'The key of the window was used twice, so it was closed. Open it again.', {
    inner: 'keyUsedTwice',
  });
}
