/**
 * One build with three pages: admin.html and its siblings, and beside them assets with their content's hash in the name.
 *
 * Nothing is inlined (the pages allow no data: address and no inline script), nothing comes from elsewhere.
 */

import { join } from 'node:path';
import { defineConfig, type UserConfig } from 'vite';
import { NONCE_PLACEHOLDER } from '../model/src/page-policy.ts';
import { writeFonts } from './fonts.ts';
import { stylesAhead } from './styles-ahead.ts';

export default defineConfig(async (): Promise<UserConfig> => {
  await writeFonts();
  return {
    root: import.meta.dirname,
    plugins: [stylesAhead()],
    html: { cspNonce: NONCE_PLACEHOLDER },
    build: {
      target: 'es2024',
      assetsInlineLimit: 0,
      // Browsers that know modules preload by themselves; the polyfill would be one more script.
      modulePreload: { polyfill: false },
      rolldownOptions: {
        // Fluent marks its files for server components, of which there are none here.
        onLog(level, log, next) {
          if (log.code !== 'MODULE_LEVEL_DIRECTIVE') next(level, log);
        },
        input: ['admin', 'restore', 'settings'].map((page) => join(import.meta.dirname, `${page}.html`)),
      },
    },
  };
});
