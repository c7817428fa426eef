/**
 * What the agent does with 500 settings of a restore, in a process of its own: one file, made and looked after as the
 * agent's own is (scripts/one-file.ts). Usage: node apply.cjs items.json
 *
 * The items lie in a file as the journal of a restore has them, the catalog beside them. Ends with 1 unless every one was applied.
 */

import { dconf } from '../../agent/src/settings/dconf.ts';
import { realSystem } from '../../agent/src/system/real.ts';
import { settingOf } from '../../model/src/catalog.ts';
import type { PlanItem } from '../../model/src/restore-plan.ts';

export async function start(): Promise<void> {
  const system = realSystem();
  const content = await system.readFile(process.argv[2] ?? '');
  const { catalog, plan } = JSON.parse(new TextDecoder().decode(content));
  const context = {
    system,
    catalog,
    blobIdOf: () => '',
    blob: () => Promise.reject(new Error('no blobs')),
  };

  const items = plan.map(({ id, raw }: PlanItem) => ({ itemId: id, setting: settingOf(catalog, id), raw }));
  const outcomes = await dconf.apply(context, items);

  const failed = outcomes.filter(({ status }) => status !== 'applied');
  if (failed.length > 0 || outcomes.length === 0) {
    console.error(JSON.stringify(failed.slice(0, 3)));
    process.exitCode = 1;
  }
}

/** Called by nobody: so the file holds the whole agent, is as large as the agent's own and takes as long to compare. */
export const theRest = () => import('../../agent/src/run-agent.ts');
