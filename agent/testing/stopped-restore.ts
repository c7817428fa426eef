/**
 * A restore that is stopped as a power cut would: run as a process of its own that kills itself before its n-th change.
 *
 * Arguments: HOME of the device, file with the service's dump, file for the list of changes, n.
 */

import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { plan, restore } from '../src/restore/restore.ts';
import { dumpOf, serviceFrom } from './memory-service.ts';
import { restoreInput } from './restore-story.ts';
import { watchedSystem } from './watched-system.ts';

const [home = '', serviceFile = '', changesFile = '', stopAt = ''] = process.argv.slice(2);

const service = serviceFrom(readFileSync(serviceFile, 'utf8'));
service.afterChange = () => writeFileSync(serviceFile, dumpOf(service));
const system = watchedSystem(home, (count, change) => {
  if (count === Number(stopAt)) process.kill(process.pid, 'SIGKILL');
  appendFileSync(changesFile, `${change}\n`);
});
const input = restoreInput(system, service);
await restore(input, await plan(input, 'recommended', { only: [], skip: [] }));
