/** A fleet's month in the figures that are promised, and as text. */

import { type FleetMonth, MONTH, type Share } from './fleet.ts';

interface Figure {
  readonly name: string;
  readonly value: number;
  /** Loads have an upper bound, shares of devices a lower one. */
  readonly bound: { readonly atMost: number } | { readonly atLeast: number };
}

/**
 * The figures. The mean hour is that of the steady phase, except after all were switched on at once: then more devices are
 * overdue than the bound times that mean could serve within the 48 hours, so the mean is that of these 48 hours.
 */
export function figuresOf(month: FleetMonth): Figure[] {
  const { byHour, firstInADay, servedAfterOutage, servedAfterAllOn, onSlotAfterOutage, onSlotAfterAllOn } = month;
  const during = ({ from, to }: { readonly from: number; readonly to: number }) => [...byHour.subarray(from, to)];
  const [steady, outage, allOn] = [during(MONTH.steady), during(MONTH.afterOutage), during(MONTH.afterAllOn)];
  const mean = meanOf(steady);
  const deviation = Math.max(...steady.map((count) => Math.abs(count / mean - 1)));
  const every = { atLeast: 1 };
  return [
    { name: 'steady: furthest hour from the mean hour', value: deviation, bound: { atMost: 0.2 } },
    { name: 'after the outage: peak hour / steady mean', value: Math.max(...outage) / mean, bound: { atMost: 2.2 } },
    {
      name: 'after all on: peak hour / mean of 48 h',
      value: Math.max(...allOn) / meanOf(allOn),
      bound: { atMost: 2.2 },
    },
    { name: 'first backup within 24 h of the policy', value: shareOf(firstInADay), bound: every },
    { name: 'after the outage: served within 48 h', value: shareOf(servedAfterOutage), bound: every },
    { name: 'after all on: served within 48 h', value: shareOf(servedAfterAllOn), bound: every },
    { name: 'after the outage: next run on the own slot', value: shareOf(onSlotAfterOutage), bound: every },
    { name: 'after all on: next run on the own slot', value: shareOf(onSlotAfterAllOn), bound: every },
  ];
}

export function isKept({ value, bound }: Figure): boolean {
  return 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast;
}

export function figureLines(figures: readonly Figure[]): string[] {
  return figures.map((figure) => {
    const bound = 'atMost' in figure.bound ? `at most ${figure.bound.atMost}` : `at least ${figure.bound.atLeast}`;
    return `${figure.name.padEnd(44)} ${figure.value.toFixed(3)}  ${bound}${isKept(figure) ? '' : '  BROKEN'}`;
  });
}

const BAR_COLUMNS = 50;
const ROW_HOURS = 3;

/** One row every three hours: the backups of an hour in it, and a bar. */
export function histogramLines({ byHour }: FleetMonth): string[] {
  const starts = Array.from({ length: MONTH.hours / ROW_HOURS }, (_, row) => row * ROW_HOURS);
  const rows = starts.map((start) => ({ start, perHour: meanOf([...byHour.subarray(start, start + ROW_HOURS)]) }));
  const most = Math.max(...rows.map(({ perHour }) => perHour));
  return rows.map(({ start, perHour }) => {
    const at = `day ${String(Math.floor(start / 24)).padStart(2)} ${String(start % 24).padStart(2, '0')}:00`;
    const bar = '#'.repeat(Math.round((perHour / most) * BAR_COLUMNS));
    return `${at} ${String(Math.round(perHour)).padStart(6)} ${bar}`.trimEnd();
  });
}

function shareOf({ had, of }: Share): number {
  return had / of;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
