/**
 * `carryover settings`: the settings page, in a window of its own; ends when it is closed and nothing runs any more.
 *
 * Opens also on a PC that is not connected yet, and says so there.
 */

import { mustHaveEndedWell, type OpenedPage, showLocalPage } from '../pages/pages.ts';
import { type SettingsParts, settingsFlow } from '../pages/settings-flow.ts';
import { settingsRoutes } from '../pages/settings-routes.ts';
import { AGENT_VERSION } from '../version.ts';
import type { Agent } from './agent.ts';
import { backUpNow } from './back-up-now.ts';
import { partsOffline } from './restore-parts.ts';
import { parsed, type Text } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('settings', args);
  const { system, config, out } = agent;
  const flow = settingsFlow(settingsParts(agent));
  const end = await showLocalPage({
    system,
    page: 'settings',
    routes: settingsRoutes(flow),
    folder: config.pagesFolder,
    language: out.language,
    opensWindow: values['no-window'] !== true,
    onOpen: (opened) => say(agent, opened, values.json ?? false),
    onFault: (error) => out.note(`${out.signs.failed} ${error instanceof Error ? error.stack : String(error)}`),
  });
  await flow.settled();
  mustHaveEndedWell(end);
}

/** What the page is given, made from the agent. */
export function settingsParts(agent: Agent): SettingsParts {
  return {
    system: agent.system,
    state: agent.state,
    agentVersion: AGENT_VERSION,
    catalog: () => agent.catalog(),
    device: () => agent.device(),
    client: () => agent.client({ maySignIn: false }),
    backUp: (options) => backUpNow(agent, options),
    restoreInput: () => partsOffline(agent, undefined, { maySignIn: false }),
  };
}

/** The address is of no use without the file, and the file to nobody but the person. */
function say({ out }: Agent, { address, file, opened }: OpenedPage, json: boolean): void {
  if (json) out.json({ page: 'settings', address, file, opened });
  else
    out.line(
      `${opened ? out.signs.running : out.signs.warning} ${TEXTS[opened ? 'open' : 'openIt'][out.language].replace('{file}', file)}`,
    );
}

const TEXTS = {
  open: {
    en: 'Windows backup is open in a window of its own. Close it to end this.',
    de: 'Die Windows-Sicherung ist in einem eigenen Fenster offen. Schließen Sie es, um dies zu beenden.',
  },
  openIt: { en: 'Open this file in your browser: {file}', de: 'Öffnen Sie diese Datei im Browser: {file}' },
} as const satisfies Record<string, Text>;
