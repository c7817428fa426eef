/**
 * Apps that a person pinned to the taskbar or to Start of Windows, by their names.
 *
 * Windows lets no program pin another one: a pin that is not here is reported with what the person can do, and only one
 * that is here already is done. What an administrator can do for everyone (a layout by policy) replaces what people
 * pinned themselves, so that it is no way to bring one person's pins back.
 *
 * Each pin is an item `<setting id>/<name>`. Shape: raw is `{ appId?, target? }`: the AppUserModelId, and the file it
 * starts with the profile folder as ${HOME}.
 *
 * Source: Microsoft's pages "Pin your app to the taskbar" (for its own app alone, with a token), "Configure the Windows
 * taskbar", "Customize the Start layout"; decision 2026-11-26-pins-of-windows-are-told.md.
 */

import type { Json } from '@carryover/model/canonical';
import { settingOf, windowsPlaceOf } from '@carryover/model/catalog';
import type { Reason } from '@carryover/model/reasons';
import type { Finding } from '@carryover/model/restore-plan';
import type { PinsPlace, Setting } from '@carryover/model/setting';
import { isSameName } from '../system/registry.ts';
import { findValue, numberOf } from '../system/registry-words.ts';
import { windowsTextTemplated } from './home-template.ts';
import type { FoundItem, ItemToApply, Mechanism, MechanismContext, ReadFailure } from './mechanism.ts';
import { buildOf } from './registry-now.ts';
import type { Obstacle } from './registry-wish.ts';
import { startPins } from './start-pins.ts';
import { taskbarPins } from './taskbar-pins.ts';
import { backslashed } from './windows-picture.ts';

/** An app that is pinned; what Windows tells of it. */
export interface Pin {
  readonly name: string;
  readonly appId?: string;
  readonly target?: string;
}

export const pins: Mechanism = {
  kinds: ['pins'],

  async read(context, settings) {
    const items: FoundItem[] = [];
    const failures: ReadFailure[] = [];
    for (const { setting, place } of await placesOf(context, settings)) {
      try {
        for (const pin of await pinned(context, place))
          items.push({ itemId: `${setting.id}/${pin.name}`, setting, raw: rawOf(context, pin), blobs: [] });
      } catch (error) {
        const detail = error instanceof Error ? error.message : String(error);
        failures.push({ itemId: setting.id, reason: { code: 'pinsUnanswered', facts: { detail } } });
      }
    }
    return { items, failures };
  },

  async inspect(context, items) {
    const findings = new Map<string, Finding>();
    for (const [item, { pin, obstacle }] of await judged(context, items))
      findings.set(item.itemId, {
        now: pin && rawOf(context, pin),
        nowWords: pin?.name ?? '',
        same: pin !== undefined,
        ...(obstacle === undefined ? {} : { obstacle }),
      });
    return findings;
  },

  // Nothing is changed.
  former: async () => [],

  async apply(context, items) {
    const all = await judged(context, items);
    return [...all].map(([{ itemId }, { obstacle }]) => ({
      itemId,
      ...(obstacle ?? { status: 'unchanged' as const }),
    }));
  },

  revert: async (_, former) => former.map(({ itemId }) => ({ itemId, status: 'unchanged' })),
};

interface Judged {
  /** As it is pinned here. */
  readonly pin?: Pin;
  readonly obstacle?: Obstacle;
}

async function judged(context: MechanismContext, items: readonly ItemToApply[]): Promise<Map<ItemToApply, Judged>> {
  const here = new Map<string, readonly Pin[]>();
  const all = new Map<ItemToApply, Judged>();
  for (const item of items) {
    const setting = settingOf(context.catalog, item.itemId);
    const place = setting && (await placesOf(context, [setting]))[0]?.place;
    const name = item.itemId.slice(item.itemId.indexOf('/') + 1);
    if (place === undefined || name === item.itemId) {
      const reason: Reason = { code: 'notOnThisVersion', facts: { system: 'Windows' } };
      all.set(item, { obstacle: { status: 'notOnThisVersion', reason } });
      continue;
    }
    const known = here.get(place.of) ?? (await pinned(context, place).catch(() => []));
    here.set(place.of, known);
    const pin = known.find((one) => isSamePin(one, name, item.raw));
    all.set(item, pin === undefined ? { obstacle: await obstacleTo(context, place, name) } : { pin });
  }
  return all;
}

/** The same name, or the same app under the name that another language gives it. */
function isSamePin(pin: Pin, name: string, raw: Json): boolean {
  const { appId } = (typeof raw === 'object' ? (raw ?? {}) : {}) as { readonly appId?: Json };
  return (
    isSameName(pin.name, name) || (pin.appId !== undefined && typeof appId === 'string' && isSameName(pin.appId, appId))
  );
}

async function obstacleTo(context: MechanismContext, { of }: PinsPlace, app: string): Promise<Obstacle> {
  const policy = await policyOn(context, of);
  if (policy === undefined) return { status: 'skipped', reason: { code: PIN_YOURSELF[of], facts: { app } } };
  const { organization } = context;
  const facts = { policy, ...(organization === undefined ? {} : { org: organization }) };
  return { status: 'lockedByPolicy', reason: { code: 'lockedByPolicy', facts } };
}

const PIN_YOURSELF = { taskbar: 'pinToTaskbarYourself', start: 'pinToStartYourself' } as const;

/** Policies that decide what is pinned, by their names. Source: Taskbar.admx, StartMenu.admx. */
const POLICIES = [
  { of: 'taskbar', value: 'NoPinningToTaskbar', name: 'Do not allow pinning programs to the Taskbar' },
  { of: 'taskbar', value: 'TaskbarNoPinnedList', name: 'Remove pinned programs from the Taskbar' },
  { of: 'taskbar', value: 'LockedStartLayout', name: 'Start Layout' },
  { of: 'start', value: 'LockedStartLayout', name: 'Start Layout' },
] as const;

async function policyOn({ system }: MechanismContext, of: PinsPlace['of']): Promise<string | undefined> {
  const { registry } = system;
  if (registry === undefined) return undefined;
  for (const { value, name } of POLICIES.filter((policy) => policy.of === of))
    for (const hive of ['HKLM', 'HKCU'] as const)
      if (numberOf(await findValue(registry, hive, POLICY_KEY, value).catch(() => undefined)) === 1) return name;
  return undefined;
}

const POLICY_KEY = 'Software\\Policies\\Microsoft\\Windows\\Explorer';

/** Those that this Windows has. */
async function placesOf(
  { system }: MechanismContext,
  settings: readonly Setting[],
): Promise<{ readonly setting: Setting; readonly place: PinsPlace }[]> {
  const ours = settings.filter(({ windows = [] }) => windows.some(({ mechanism }) => mechanism === 'pins'));
  if (system.registry === undefined || ours.length === 0) return [];
  const build = await buildOf(system.registry);
  return ours.flatMap((setting) => {
    const place = windowsPlaceOf(setting, build);
    return place?.mechanism === 'pins' ? [{ setting, place }] : [];
  });
}

/** One of each name, in their order. Errors: those of asking Windows for the pins of Start. */
async function pinned({ system }: MechanismContext, { of }: PinsPlace): Promise<Pin[]> {
  const found = of === 'taskbar' ? await taskbarPins(system) : await startPins(system);
  const named = found.map((pin) => ({ ...pin, name: pin.name.replace(/[\p{Cc}/]/gu, ' ').trim() }));
  const byName = new Map(named.filter(({ name }) => name !== '').map((pin) => [pin.name.toUpperCase(), pin]));
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

function rawOf({ system }: MechanismContext, { appId, target }: Pin): Json {
  return {
    ...(appId === undefined ? {} : { appId }),
    ...(target === undefined ? {} : { target: windowsTextTemplated(target, backslashed(system.home)) }),
  };
}
