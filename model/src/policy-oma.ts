/**
 * Policies as OMA-URIs of a custom policy: what Intune's windows10CustomConfiguration and other MDMs send to a device.
 *
 * A policy that comes from an ADMX file is a piece of XML: `<enabled/>`, `<disabled/>`, and `<data id="…" value="…"/>` for
 * what stands below it; the others are plain booleans, integers and strings. Only the elements named here are read, no
 * entities, no document type: whatever else is in there is refused, not skipped.
 *
 * Pure. Source: graph-api.md 5; Microsoft, "Understanding ADMX policies"; microsoft-facts.md 2.1 to 2.3.
 */

import { KnownError } from './errors.ts';
import { checked, type Understood } from './policy-catalog.ts';
import { type PolicyDefinition, type PolicyValue, policyByOmaUri } from './policy-definitions.ts';

/** Every kind of omaSetting, with the type of its value. Source: Graph, omaSetting and what derives from it. */
export const OMA_TYPES = {
  '#microsoft.graph.omaSettingString': 'string',
  '#microsoft.graph.omaSettingBoolean': 'boolean',
  '#microsoft.graph.omaSettingInteger': 'integer',
  '#microsoft.graph.omaSettingFloatingPoint': 'number',
  '#microsoft.graph.omaSettingDateTime': 'dateTime',
  '#microsoft.graph.omaSettingBase64': 'base64',
  '#microsoft.graph.omaSettingStringXml': 'base64',
} as const;
export type OmaType = keyof typeof OMA_TYPES;

export interface OmaSetting {
  readonly '@odata.type': OmaType;
  readonly omaUri: string;
  readonly value: unknown;
  readonly displayName?: string | undefined;
  readonly description?: string | undefined;
}

/**
 * What the settings of a custom policy say.
 *
 * Errors: invalidRequest with details.property and details.allowed for a value that a known OMA-URI does not take.
 */
export function settingsFromOma(omaSettings: readonly OmaSetting[]): Understood {
  const found = omaSettings.map((setting, index) => ({ setting, definition: policyByOmaUri(setting.omaUri), index }));
  return {
    settings: found.flatMap(({ setting, definition, index }) =>
      definition === undefined
        ? []
        : [{ policy: definition.name, value: valueFrom(definition, readable(setting), `omaSettings[${index}].value`) }],
    ),
    unknown: found.flatMap(({ setting, definition }) => (definition === undefined ? [setting.omaUri] : [])),
  };
}

/** A piece of XML that came as a file is there in Base64; what cannot be read is refused as the text that it is. */
function readable(setting: OmaSetting): OmaSetting {
  const { value } = setting;
  if (setting['@odata.type'] !== '#microsoft.graph.omaSettingStringXml' || typeof value !== 'string') return setting;
  try {
    const bytes = Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0));
    return { ...setting, value: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return setting;
  }
}

function valueFrom(definition: PolicyDefinition, { value }: OmaSetting, at: string): PolicyValue {
  switch (definition.kind) {
    case 'switch':
      if (typeof value === 'boolean') return value;
      if (value === 0 || value === 1) return value === 1;
      return enabledIn(value, at).enabled;
    case 'limit': {
      const { enabled, data } = enabledIn(value, at);
      if (!enabled) return 'on';
      return data.get(CHECKBOX) === '1' ? 'off' : 'locked';
    }
    case 'number':
      return checked(definition, typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value, at);
    case 'list':
      return checked(
        definition,
        typeof value === 'string' ? value.split(/[;\n]/).map(trimmed).filter(Boolean) : value,
        at,
      );
  }
}

/** "Allow users to turn it on", in lower case. */
const CHECKBOX = 'checkbox_useroverride';
const ELEMENT = /^\s*<(enabled|disabled|data)((?:\s+\w+\s*=\s*(?:"[^"<&]*"|'[^'<&]*'))*)\s*\/>/i;
const ATTRIBUTE = /(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

/** Errors: invalidRequest for anything but one <enabled/> or <disabled/> and <data/> beside it. */
function enabledIn(
  value: unknown,
  at: string,
): { readonly enabled: boolean; readonly data: ReadonlyMap<string, string> } {
  const allowed = ['<enabled/>', '<disabled/>'];
  const refuse = () =>
    new KnownError('invalidRequest', `${at}: It is ${allowed.join(' or ')}.`, {
      inner: 'setting',
      details: { property: at, allowed },
    });
  if (typeof value !== 'string' || value.length > 4000) throw refuse();
  const data = new Map<string, string>();
  let said: boolean | undefined;
  let rest = value;
  while (rest.trim() !== '') {
    const [whole, name, attributes] = ELEMENT.exec(rest) ?? [];
    if (whole === undefined || name === undefined) throw refuse();
    rest = rest.slice(whole.length);
    if (name.toLowerCase() === 'data') {
      const read = Object.fromEntries(
        [...(attributes ?? '').matchAll(ATTRIBUTE)].map(([, key = '', quoted, single]) => [
          key.toLowerCase(),
          quoted ?? single,
        ]),
      );
      data.set((read['id'] ?? '').toLowerCase(), read['value'] ?? '');
    } else if (said === undefined) said = name.toLowerCase() === 'enabled';
    else throw refuse();
  }
  if (said === undefined) throw refuse();
  return { enabled: said, data };
}

function trimmed(text: string): string {
  return text.trim();
}
