/**
 * A template of Group Policy as its editor reads it, and what Group Policy writes into the registry for a state of a
 * policy: "enabledValue" or "disabledValue" and, while Enabled, each element; of a policy that is Disabled no element stays.
 *
 * Source: ADMX syntax (PolicyDefinitions.xsd); Group Policy's registry extension.
 */

import type { RegistryValue } from '@carryover/model/policy-registry';
import { allOf, childOf, type XmlElement } from './xml-tree.ts';

type Entered = boolean | number | readonly string[];

/** Enabled with what was entered into its element, if it has one; or Disabled. */
export type PolicyState = { readonly enabled: true; readonly entered?: Entered } | { readonly enabled: false };

export function policiesOf(admx: XmlElement): readonly XmlElement[] {
  return childOf(admx, 'policies').children;
}

/** The one element that a policy may have. */
export function elementOf(policy: XmlElement): XmlElement | undefined {
  return policy.children.find(({ name }) => name === 'elements')?.children[0];
}

/** Values below HKLM. Errors: Error where the template does not allow what was entered. */
export function written(policy: XmlElement, state: PolicyState): RegistryValue[] {
  const { key = '', valueName } = policy.attributes;
  const element = elementOf(policy);
  const own: RegistryValue[] =
    valueName === undefined
      ? []
      : [dword(key, valueName, decimalIn(childOf(policy, state.enabled ? 'enabledValue' : 'disabledValue')))];
  if (!state.enabled || element === undefined) return own;
  return [...own, elementValue(key, element, state.entered)];
}

function elementValue(key: string, element: XmlElement, entered: Entered | undefined): RegistryValue {
  const { valueName = '', minValue, maxValue } = element.attributes;
  if (element.name === 'boolean' && typeof entered === 'boolean')
    return dword(key, valueName, decimalIn(childOf(element, entered ? 'trueValue' : 'falseValue')));
  if (element.name === 'decimal' && typeof entered === 'number') {
    if (entered < Number(minValue) || entered > Number(maxValue)) throw new Error(`${valueName} cannot be ${entered}.`);
    return dword(key, valueName, entered);
  }
  if (element.name === 'multiText' && Array.isArray(entered))
    return { key, name: valueName, type: 'REG_MULTI_SZ', data: entered as readonly string[] };
  throw new Error(`${valueName} is no ${typeof entered}.`);
}

function decimalIn(value: XmlElement): number {
  return Number(childOf(value, 'decimal').attributes['value']);
}

function dword(key: string, name: string, data: number): RegistryValue {
  return { key, name, type: 'REG_DWORD', data };
}

/** "string" or "presentation" to every id that the definitions refer to, in their order. */
export function references(admx: XmlElement, kind: 'string' | 'presentation'): string[] {
  return allOf(admx).flatMap(({ attributes }) =>
    Object.values(attributes).flatMap((value) => {
      const [, id] = new RegExp(`^\\$\\(${kind}\\.(\\w+)\\)$`).exec(value) ?? [];
      return id === undefined ? [] : [id];
    }),
  );
}
