/**
 * Loaded into node.exe before a program of this repository: finds @carryover/model and the others where they lie.
 *
 * In node_modules they are symbolic links. Wine shows a link as the folder itself, so Node would take our TypeScript for
 * that of an installed package, whose types it does not strip.
 */

import { registerHooks } from 'node:module';

registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context);
    return { ...found, url: found.url.replace(/\/node_modules\/@carryover\/(\w+)\//, '/$1/') };
  },
});
