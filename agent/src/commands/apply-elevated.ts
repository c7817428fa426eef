/**
 * `carryover apply-elevated`: what the administrator's task on Windows calls. It takes no word of anybody but what lies in
 * the hand-over folder, and shows what came of it without a value.
 */

import { DONE } from '@carryover/model/report';
import { serveRequests } from '../elevated/elevated.ts';
import type { Agent } from './agent.ts';
import { parsed } from './words.ts';

export async function run(args: readonly string[], agent: Agent): Promise<void> {
  const { values } = parsed('apply-elevated', args);
  const { system, out } = agent;
  const served = await serveRequests(system, await agent.catalog());
  if (values.json) return out.json({ requests: served });
  for (const { name, dropped, outcomes } of served) {
    const done = outcomes.filter(({ status }) => DONE.includes(status)).length;
    if (dropped === undefined) out.line(`${out.signs.done} ${name}: ${done}/${outcomes.length}`);
    else out.note(`${out.signs.warning} ${name}: ${dropped}`);
  }
}
