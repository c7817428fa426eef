/** Shows the restore page for a flow and waits until it has ended: the window closed, and nothing running any more. */

import type { LocalServer } from '../pages/local-server.ts';
import { mustHaveEndedWell, showLocalPage } from '../pages/pages.ts';
import type { RestoreFlow } from '../pages/restore-flow.ts';
import { restoreRoutes } from '../pages/restore-routes.ts';
import type { Agent } from './agent.ts';
import type { Text } from './words.ts';

export interface ShowOptions {
  /** False: whoever asked opens the file. */
  readonly opensWindow: boolean;
  /** True: a page that nobody sees waits for somebody to open its file; false: only what runs is waited for. */
  readonly waitsForPerson: boolean;
}

/**
 * Whether the person had a window. The flow begins with the first question of the page at the latest.
 *
 * Errors: missingPart when the pages were not built; accessDenied when two had the window's key; a fault of the flow.
 */
export async function showRestorePage(agent: Agent, flow: RestoreFlow, options: ShowOptions): Promise<boolean> {
  const { system, state, out, config } = agent;
  let server: LocalServer | undefined;
  let opened = false;
  const end = await showLocalPage({
    system,
    page: 'restore',
    routes: restoreRoutes(flow, state),
    folder: config.pagesFolder,
    language: out.language,
    opensWindow: options.opensWindow,
    onServing(serving) {
      server = serving;
      flow.start();
      serving.keepOpen(flow.settled());
    },
    onOpen(page) {
      ({ opened } = page);
      if (opened) return;
      if (!options.waitsForPerson) return server?.leave();
      out.note(`${OPEN[out.language]}`);
      out.note(page.file);
    },
    onFault: (error) => out.note(`${out.signs.failed} ${error instanceof Error ? error.stack : String(error)}`),
  });
  mustHaveEndedWell(end);
  await flow.settled();
  return opened;
}

const OPEN: Text = {
  en: 'Open this file in a browser on this PC. It can be opened once, within five minutes:',
  de: 'Öffnen Sie diese Datei in einem Browser auf diesem PC. Das geht einmal, innerhalb von fünf Minuten:',
};
