/**
 * A month of 100,000 devices under the agent's own due(), on a fake clock with a fixed seed: the policy comes, a cycle
 * goes by, the service is away for a day, and all devices are switched on at once after two days off.
 *
 * Every figure has its bound (fleet-schedule/judged.ts). The ratio is that of the load nearest to its bound; a device that
 * is not served in time, or does not come back to its slot, fails the benchmark. Nothing here is of this machine.
 *
 * Two of five devices are on in office hours only, all over the world. Where all go to the office in one time zone no
 * schedule can fill the night; that month's figures are printed as well, and nothing is promised of them.
 */

import type { Benchmark } from './benchmark.ts';
import { simulate } from './fleet-schedule/fleet.ts';
import { figureLines, figuresOf, histogramLines, isKept } from './fleet-schedule/judged.ts';

const FLEET = { devices: 100_000, seed: 1, officeShare: 0.4 };

export const benchmark: Benchmark = {
  name: 'fleet-schedule',
  against: 'the bound of the load nearest to it',
  unit: 'backups/h',
  promise: { atMost: 1 },
  async run() {
    const month = simulate({ ...FLEET, timeZones: 24 });
    const figures = figuresOf(month);
    const oneZone = figuresOf(simulate({ ...FLEET, timeZones: 1 }));
    const said = ['all over the world, backups an hour:', ...histogramLines(month), ...figureLines(figures)];
    console.error([...said, '', 'all in one time zone, shown only:', ...figureLines(oneZone)].join('\n'));
    const broken = figures.filter((figure) => 'atLeast' in figure.bound && !isKept(figure));
    if (broken.length > 0) throw new Error(figureLines(broken).join('\n'));
    const loads = figures.flatMap(({ value, bound }) => ('atMost' in bound ? [value / bound.atMost] : []));
    return { ratio: Math.max(...loads), median: FLEET.devices / (8 * 24), runs: 1 };
  },
};
