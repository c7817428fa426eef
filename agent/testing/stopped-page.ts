/**
 * A restore page that is stopped as a power cut would: a process of its own that chooses, applies, and kills itself
 * before its n-th change.
 *
 * Arguments: HOME of the device, file with the service's dump, file for the list of changes, n.
 */

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { restoreFlow } from '../src/pages/restore-flow.ts';
import { dumpOf, serviceFrom } from './memory-service.ts';
import { pageParts } from './restore-page.ts';
import { OLD_PROFILE } from './restore-story.ts';
import { watchedSystem } from './watched-system.ts';

const [home = '', serviceFile = '', changesFile = '', stopAt = ''] = process.argv.slice(2);

const service = serviceFrom(readFileSync(serviceFile, 'utf8'));
service.afterChange = () => writeFileSync(serviceFile, dumpOf(service));
const system = watchedSystem(home, (count, change) => {
  if (count === Number(stopAt)) process.kill(process.pid, 'SIGKILL');
  appendFileSync(changesFile, `${change}\n`);
});
const flow = restoreFlow(pageParts(system, service), { mode: 'demand', goal: 'ask' });
flow.start();
await flow.settled();
await flow.choose({ kind: 'profile', profileId: OLD_PROFILE, only: [], skip: [] });
await flow.apply();
await flow.settled();
