/**
 * A fleet of simulated devices under the agent's own due(): one after the other, from event to event, on a fake clock.
 *
 * Devices do not influence each other (a service that is there answers everyone), so each is followed alone through the
 * whole month, and its backups are counted by the hour. Half an hour after each full hour at the latest, the timer of a
 * device that is on asks due(); what due() says will come is jumped to. The same seed gives the same month.
 *
 * The world: the policy comes at hour 0; the service is away for a day; later every device is off for two days, and all
 * are switched on in the same hour. A share of the devices is on in office hours only, every day, each in one of as many
 * time zones as the fleet has.
 */

import { due, lookAgainAt, type ScheduleFacts, slotAfter } from '../../model/src/schedule.ts';

const HOUR_MS = 3_600_000;
const HALF_HOUR_MS = HOUR_MS / 2;
/** Where the fake clock begins: a Monday, 00:00 UTC. */
const START_MS = Date.UTC(2026, 10, 23);

/** Hours since the policy; each from (included) to (excluded). */
export const MONTH = {
  hours: 30 * 24,
  steady: { from: 3 * 24, to: 11 * 24 },
  outage: { from: 11 * 24, to: 12 * 24 },
  afterOutage: { from: 12 * 24, to: 14 * 24 },
  allOff: { from: 20 * 24, to: 22 * 24 },
  afterAllOn: { from: 22 * 24, to: 24 * 24 },
} as const;

const CYCLE_HOURS = 8 * 24;
/** In local time. */
const OFFICE = { from: 8, to: 18 };
/** A device that is on at its slot runs within this time of it: the timer's hour and its half hour, and a bit. */
const ON_SLOT_HOURS = 2;

export interface FleetOptions {
  readonly devices: number;
  readonly seed: number;
  /** From 0 to 1: on in office hours only. The others are always on. */
  readonly officeShare: number;
  /** 24: all over the world. 1: everybody goes to the office at the same hour. */
  readonly timeZones: number;
}

export interface FleetMonth {
  readonly devices: number;
  /** Backups that the service took, by hour since the policy. */
  readonly byHour: Float64Array;
  /** Devices whose first backup came within a day of the policy, of those that were on all that day. */
  readonly firstInADay: Share;
  /** Devices that were overdue when the service, or the power, came back, and were served within 48 hours. */
  readonly servedAfterOutage: Share;
  readonly servedAfterAllOn: Share;
  /** Of those, the ones whose next run was at their own slot again, within a cycle. */
  readonly onSlotAfterOutage: Share;
  readonly onSlotAfterAllOn: Share;
}

export interface Share {
  had: number;
  of: number;
}

interface Device {
  readonly deviceId: string;
  /** After each full hour, when its timer asks. */
  readonly askMs: number;
  /** Undefined: always on. */
  readonly zone: number | undefined;
}

export function simulate(options: FleetOptions): FleetMonth {
  const random = randomNumbers(options.seed);
  const none = () => ({ had: 0, of: 0 });
  const month: FleetMonth = {
    devices: options.devices,
    byHour: new Float64Array(MONTH.hours),
    firstInADay: none(),
    servedAfterOutage: none(),
    servedAfterAllOn: none(),
    onSlotAfterOutage: none(),
    onSlotAfterAllOn: none(),
  };
  for (let count = 0; count < options.devices; count += 1) {
    const device = {
      deviceId: idFrom(random),
      askMs: Math.floor(random() * HALF_HOUR_MS),
      zone: random() < options.officeShare ? Math.floor(random() * options.timeZones) : undefined,
    };
    judge(month, device, backupsOf(device, random));
  }
  return month;
}

/** Hours since the policy, with fractions, of every backup of one device in the month. */
function backupsOf(device: Device, random: () => number): number[] {
  const { deviceId } = device;
  const hours: number[] = [];
  let lastLookMs = START_MS - Math.floor(random() * 4 * HOUR_MS);
  let facts: ScheduleFacts = {
    deviceId,
    enrolledAtMs: START_MS - 30 * 24 * HOUR_MS,
    failures: 0,
    intervalDays: CYCLE_HOURS / 24,
    spreadHours: 24,
  };
  let nowMs = nextAsk(device, START_MS);
  while (nowMs < START_MS + MONTH.hours * HOUR_MS) {
    const hour = (nowMs - START_MS) / HOUR_MS;
    const reachable = !isWithin(hour, MONTH.outage);
    let nextMs = nowMs + 1;
    if (facts.allowedSinceMs === undefined) {
      const lookMs = lookAgainAt(deviceId, lastLookMs);
      if (nowMs >= lookMs) {
        lastLookMs = nowMs;
        facts = { ...facts, allowedSinceMs: nowMs };
      } else nextMs = lookMs;
    } else {
      const said = due(facts, nowMs);
      nextMs = Math.max(said.atMs, nextMs);
      if (said.missed !== undefined) facts = { ...facts, missed: said.missed };
      else if (said.due && reachable) {
        facts = { ...facts, lastBackupAtMs: nowMs, failures: 0, lastFailureAtMs: undefined, missed: undefined };
        hours.push(hour);
      } else if (said.due)
        facts = { ...facts, failures: facts.failures + 1, lastFailureAtMs: nowMs, missed: undefined };
    }
    nowMs = nextAsk(device, nextMs);
  }
  return hours;
}

/** When the timer of this device asks next, not before `ms`: in an hour in which it is on. */
function nextAsk({ askMs, zone }: Device, ms: number): number {
  let hour = Math.ceil((ms - START_MS - askMs) / HOUR_MS);
  while (!isOn(zone, hour)) hour += 1;
  return START_MS + hour * HOUR_MS + askMs;
}

function isOn(zone: number | undefined, hour: number): boolean {
  if (isWithin(hour, MONTH.allOff)) return false;
  if (zone === undefined) return true;
  const local = (((hour + zone) % 24) + 24) % 24;
  return local >= OFFICE.from && local < OFFICE.to;
}

function judge(month: FleetMonth, device: Device, hours: readonly number[]): void {
  for (const hour of hours) {
    const index = Math.floor(hour);
    month.byHour[index] = (month.byHour[index] ?? 0) + 1;
  }
  if (device.zone === undefined) count(month.firstInADay, (hours[0] ?? Number.POSITIVE_INFINITY) <= 24);
  for (const [after, sinceHour, served, onSlot, untilHour] of [
    [MONTH.afterOutage, MONTH.outage.from, month.servedAfterOutage, month.onSlotAfterOutage, MONTH.allOff.from],
    [MONTH.afterAllOn, MONTH.allOff.from, month.servedAfterAllOn, month.onSlotAfterAllOn, MONTH.hours],
  ] as const) {
    const before = hours.findLast((hour) => hour < sinceHour);
    if (before !== undefined && slotAfterHour(device, before + 1) >= after.from) continue;
    const serving = hours.find((hour) => isWithin(hour, after));
    count(served, serving !== undefined);
    const back = serving === undefined ? undefined : isBackOnSlot(device, hours, serving, untilHour);
    if (back !== undefined) count(onSlot, back);
  }
}

/**
 * Whether the run after a late one was at the device's own slot; undefined when the month, or the next event, cuts the day
 * of that slot off. A device that is off at its slot runs on the first day on which it is on.
 */
function isBackOnSlot(device: Device, hours: readonly number[], late: number, untilHour: number): boolean | undefined {
  const slotHour = slotAfterHour(device, late + 1);
  if (slotHour + 24 > untilHour) return undefined;
  const next = hours.find((hour) => hour > late) ?? Number.POSITIVE_INFINITY;
  const firstHour = (nextAsk(device, START_MS + slotHour * HOUR_MS) - START_MS) / HOUR_MS;
  return next >= slotHour && next - slotHour <= (firstHour - slotHour <= ON_SLOT_HOURS ? ON_SLOT_HOURS : 24);
}

function slotAfterHour({ deviceId }: Device, hour: number): number {
  const slotMs = slotAfter({ deviceId, intervalDays: CYCLE_HOURS / 24 }, START_MS + hour * HOUR_MS);
  return (slotMs - START_MS) / HOUR_MS;
}

function isWithin(hour: number, { from, to }: { readonly from: number; readonly to: number }): boolean {
  return hour >= from && hour < to;
}

function count(share: Share, had: boolean): void {
  share.of += 1;
  if (had) share.had += 1;
}

/** mulberry32: small, fast, and the same everywhere. From 0 to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function idFrom(random: () => number): string {
  const hex = () =>
    Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0');
  const [a, b, c, d] = [hex(), hex(), hex(), hex()];
  return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-8${c.slice(1, 4)}-${c.slice(4)}${d}`;
}
