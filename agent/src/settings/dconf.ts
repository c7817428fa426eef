/**
 * Settings that a GNOME desktop keeps in dconf, and the pictures that such settings name.
 *
 * Reads the person's own layer only (an administrator's defaults are not the person's choice) and writes on the
 * person's own bus: one load for all keys of a restore, pictures' keys included, because a load of 500 keys costs less
 * than ten single writes. What could fail that load or be ignored afterwards is left out first (dconf-wish.ts), and
 * everything is read back.
 *
 * The keys of one item are decided together: a key that the value does not name is unset, one locked key keeps the
 * whole item away.
 */

import type { Undertaking } from './dconf-apply.ts';
import type { Device } from './dconf-decision.ts';
import { changed, lockedKeys, ownValues } from './dconf-session.ts';
import type { ItemToApply, Mechanism, MechanismContext, Outcome } from './mechanism.ts';

export const dconf: Mechanism = {
  kinds: ['dconf', 'dconfPattern', 'dconfImage'],

  async read(context, settings) {
    const [values, { readItems }] = await Promise.all([ownValues(context.system), reading()]);
    return readItems(context, settings, values);
  },

  async inspect(context, items) {
    const [{ device, intents }, { findingsOf }] = await Promise.all([prepared(context, items), reading()]);
    return findingsOf(context, device, intents);
  },

  async former(context, items) {
    const [values, { formerOfItems }] = await Promise.all([ownValues(context.system), applying()]);
    return formerOfItems(context, values, items);
  },

  apply(context, items) {
    return carriedOut(context, ({ application }) => application(context, items));
  },

  revert(context, former) {
    return carriedOut(context, ({ reversion }) => reversion(context, former));
  },
};

/** Loaded while the tools run: they are another process's work, and loading takes as long as they do. */
const reading = () => import('./dconf-read.ts');
const applying = () => import('./dconf-apply.ts');

/** Ask, decide, tell, read back. What decides is loaded and worked out while the tools are asked. */
async function carriedOut(
  { system }: MechanismContext,
  begin: (work: Awaited<ReturnType<typeof applying>>) => Undertaking | Promise<Undertaking>,
): Promise<Outcome[]> {
  const begun = Promise.withResolvers<Undertaking>();
  const talk = changed(system, async (device) => (await begun.promise).decide(device));
  begun.resolve(applying().then(begin));
  const [undertaking, result] = await Promise.all([begun.promise, talk]);
  return undertaking.outcomes(result);
}

async function deviceOf({ system }: MechanismContext): Promise<Device> {
  const [values, locks] = await Promise.all([ownValues(system), lockedKeys(system)]);
  return { locks, values };
}

/** The tools are asked first, so that schemas and values are worked through while they run. */
async function prepared(context: MechanismContext, items: readonly ItemToApply[]) {
  const wanted = async () => (await applying()).intentsOf(context, items);
  const [device, intents] = await Promise.all([deviceOf(context), wanted()]);
  return { device, intents };
}
