/**
 * Turns styles into class names and rules while building, so that no page carries the program that would do it at every
 * start (7 kB after gzip, and its time).
 *
 * Understands what our pages write: `makeStyles({…})` at the top of a file, of literals, tokens, Fluent's typography and
 * the file's own constants. A file that needs more is a fault of the build, which names it.
 *
 * Source: Griffel's description of its build-time transform (makeStyles becomes __styles).
 */

import { runInNewContext } from 'node:vm';
import { shorthands, typographyStyles } from '@fluentui/react-components';
import { type GriffelStyle, resolveStyleRulesForSlots } from '@griffel/core';
import type { Plugin, Rolldown } from 'vite';
import { tokens } from './src/shared/theme.ts';

const OURS = /\/web\/src\/.*\.tsx?$/;
/** Not under a name that a file could have already. */
const IMPORT = "import { __styles as stylesMadeAhead } from '@fluentui/react-components';\n";

interface Change {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export function stylesAhead(): Plugin {
  return {
    name: 'carryover-styles-ahead',
    apply: 'build',
    transform(code, id) {
      if (!OURS.test(id) || !code.includes('makeStyles(')) return undefined;
      const changes = changesOf(code, this.parse(code), (text) => this.error(`${id}: ${text}`));
      const changed = changes.reduceRight(
        (text, { start, end, text: made }) => text.slice(0, start) + made + text.slice(end),
        code,
      );
      return { code: IMPORT + changed, map: null };
    },
  };
}

type Program = ReturnType<Rolldown.PluginContext['parse']>;

function changesOf(code: string, program: Program, fail: (text: string) => never): Change[] {
  const scope: Record<string, unknown> = { tokens, typographyStyles, shorthands };
  const changes: Change[] = [];
  for (const statement of program.body) {
    const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
    if (declared?.type !== 'VariableDeclaration') continue;
    for (const { id, init } of declared.declarations) {
      if (init === null || init === undefined || id.type !== 'Identifier') continue;
      if (init.type !== 'CallExpression' || init.callee.type !== 'Identifier' || init.callee.name !== 'makeStyles') {
        const value = knownValue(code.slice(init.start, init.end), scope);
        if (value !== undefined) scope[id.name] = value;
        continue;
      }
      const [styles] = init.arguments;
      const slots = styles === undefined ? undefined : knownValue(code.slice(styles.start, styles.end), scope);
      if (slots === undefined) fail(`the styles "${id.name}" need something that is not known while building`);
      const [classes, rules] = resolveStyleRulesForSlots(slots as Record<string, GriffelStyle>);
      const text = `stylesMadeAhead(${JSON.stringify(classes)}, ${JSON.stringify(rules)})`;
      changes.push({ start: init.start, end: init.end, text });
    }
  }
  return changes;
}

/** Of plain data; undefined for everything that needs more than the scope. */
function knownValue(expression: string, scope: Readonly<Record<string, unknown>>): unknown {
  try {
    return runInNewContext(`(${expression})`, { ...scope });
  } catch {
    return undefined;
  }
}
