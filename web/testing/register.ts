/**
 * Lets `node --test` run .tsx (Node strips types but knows no JSX) and gives tests a browser's globals.
 *
 * Used as: node --import ./web/testing/register.ts --test web/src/shared/x.test.tsx
 */

import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { GlobalRegistrator } from '@happy-dom/global-registrator';
import { transformSync } from 'esbuild';

/** Styles are the build's affair; a test sees none of them. */
const STYLES = /\.css$/;
/** The build makes an address of a picture; here it is the file's own name. */
const PICTURES = /\.svg$/;

registerHooks({
  load(url, context, next) {
    if (STYLES.test(url)) return { format: 'module', source: '', shortCircuit: true };
    if (PICTURES.test(url))
      return { format: 'module', source: `export default ${JSON.stringify(url)};`, shortCircuit: true };
    if (!url.endsWith('.tsx')) return next(url, context);
    const file = fileURLToPath(url);
    const { code } = transformSync(readFileSync(file, 'utf8'), {
      loader: 'tsx',
      jsx: 'automatic',
      sourcefile: file,
      sourcemap: 'inline',
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});

GlobalRegistrator.register({ url: 'http://localhost/' });
// happy-dom's animations never end; without them Fluent shows at once what it would fade in.
Reflect.deleteProperty(Element.prototype, 'animate');
Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true });
