/**
 * Packages that someone installed by name with apt: a list to read, nothing that a restore installs.
 *
 * Packages that every Debian system has (essential, or of priority required, important or standard) are left out.
 * Shape: raw is `{ name }`.
 */

import { PACKAGE_FILES, packagesOf } from '../system/debian-packages.ts';
import type { AppSource } from './app-source.ts';
import { listedFinding, outcomeFrom, textIn } from './listed-apps.ts';

const PREFIX = 'apps.apt/';

export const apt: AppSource = {
  prefixes: [PREFIX],

  async list(system) {
    const chosen = (await packagesOf(system)).filter(({ manual, onEverySystem }) => manual && !onEverySystem);
    return { items: chosen.map(({ name }) => ({ itemId: PREFIX + name, raw: { name } })), failures: [] };
  },

  words(item) {
    const name = textIn(item.raw, 'name');
    return name === undefined ? undefined : { title: name, will: 'apt', flags: [] };
  },

  async inspect({ system }, items) {
    if (items.length === 0) return new Map();
    const installed = new Set((await packagesOf(system)).map(({ name }) => PREFIX + name));
    return new Map(items.map((item) => [item.itemId, listedFinding(item, installed.has(item.itemId), 'apt')]));
  },

  async apply(context, item) {
    return outcomeFrom(item.itemId, (await apt.inspect(context, [item])).get(item.itemId));
  },

  watched: async () => PACKAGE_FILES,
};
