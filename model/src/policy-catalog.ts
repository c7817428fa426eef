/**
 * Policies as the settings catalog of Intune has them: instances of settings out of a document, and back into one.
 *
 * A choice names one of its options ("…_1", "…_0"); "Do not sync …" has the child "…_checkbox_useroverride" beside it; a
 * number is a simple setting, a list a simple collection. An instance of a definition that is not known stays in the
 * document as it is and is told apart, so that nothing an administrator brings along is lost or passes for working.
 *
 * Pure. Source: graph-api.md 4; Graph beta, deviceManagementConfigurationSettingInstance and what derives from it.
 */

import { KnownError } from './errors.ts';
import {
  type LimitValue,
  type PolicyDefinition,
  type PolicyValue,
  policyByDefinitionId,
  policyByName,
  wrongValue,
} from './policy-definitions.ts';
import type { PolicySetting } from './policy-merge.ts';

const GRAPH = '#microsoft.graph.deviceManagementConfiguration';
const CHOICE = `${GRAPH}ChoiceSettingInstance`;
const SIMPLE = `${GRAPH}SimpleSettingInstance`;
const COLLECTION = `${GRAPH}SimpleSettingCollectionInstance`;

/** Any instance, known or not. */
export interface SettingInstance {
  readonly '@odata.type': string;
  readonly settingDefinitionId: string;
  readonly [member: string]: unknown;
}

export interface Understood {
  readonly settings: readonly PolicySetting[];
  /** Definition ids, OMA-URIs or names that this release does not know. */
  readonly unknown: readonly string[];
}

/**
 * What the instances of a document say. `at`: where they stand, for the errors.
 *
 * Errors: invalidRequest with details.property and details.allowed for a value that a known definition does not have, and
 * for a definition that is there twice.
 */
export function settingsFromCatalog(instances: readonly SettingInstance[], at = 'settings'): Understood {
  const found = instances.map((instance, index) => {
    const definition = policyByDefinitionId(instance.settingDefinitionId);
    return { instance, definition, at: `${at}[${index}].settingInstance` };
  });
  const settings = found.flatMap(({ instance, definition, at: place }) =>
    definition === undefined ? [] : [{ policy: definition.name, value: valueFrom(definition, instance, place) }],
  );
  const twice = settings.find(({ policy }, index) => settings.findIndex((other) => other.policy === policy) < index);
  if (twice !== undefined) throw wrong(at, `${twice.policy} once`, `${at}: ${twice.policy} is there twice.`);
  return {
    settings,
    unknown: found.flatMap(({ instance, definition }) =>
      definition === undefined ? [instance.settingDefinitionId] : [],
    ),
  };
}

/** The same as an instance; settingsFromCatalog understands it as it was given. Errors: Error for a policy that is not known. */
export function instanceOf({ policy, value }: PolicySetting): SettingInstance {
  const definition = policyByName(policy);
  if (definition === undefined) throw new Error(`There is no policy ${policy}.`);
  const { definitionId: id, kind } = definition;
  switch (kind) {
    case 'switch':
      return choice(id, value === true);
    case 'limit':
      return choice(id, value !== 'on', value === 'on' ? [] : [choice(overrideIdOf(definition), value === 'off')]);
    case 'number':
      return {
        '@odata.type': SIMPLE,
        settingDefinitionId: id,
        simpleSettingValue: { '@odata.type': `${GRAPH}IntegerSettingValue`, value },
      };
    case 'list':
      return {
        '@odata.type': COLLECTION,
        settingDefinitionId: id,
        simpleSettingCollectionValue: (value as readonly string[]).map((item) => ({
          '@odata.type': `${GRAPH}StringSettingValue`,
          value: item,
        })),
      };
  }
}

/** Definition id of "Allow users to turn it on" beside a limit. Source: graph-api.md 4. */
export function overrideIdOf({ definitionId }: PolicyDefinition): string {
  return `${definitionId}_checkbox_useroverride`;
}

/** The options of a switch or limit, as the settings catalog names them. */
export function optionIdsOf(id: string): readonly [disabled: string, enabled: string] {
  return [`${id}_0`, `${id}_1`];
}

function choice(id: string, enabled: boolean, children: readonly SettingInstance[] = []): SettingInstance {
  return {
    '@odata.type': CHOICE,
    settingDefinitionId: id,
    choiceSettingValue: {
      '@odata.type': `${GRAPH}ChoiceSettingValue`,
      value: optionIdsOf(id)[enabled ? 1 : 0],
      children,
    },
  };
}

function valueFrom(definition: PolicyDefinition, instance: SettingInstance, at: string): PolicyValue {
  switch (definition.kind) {
    case 'switch':
      return choiceFrom(instance, at).enabled;
    case 'limit':
      return limitFrom(definition, instance, at);
    case 'number':
      return checked(
        definition,
        memberOf(instance, SIMPLE, 'simpleSettingValue', at),
        `${at}.simpleSettingValue.value`,
      );
    case 'list': {
      expectType(instance, COLLECTION, at);
      const items = instance['simpleSettingCollectionValue'];
      const values = Array.isArray(items) ? items.map((item: unknown) => valueIn(item)) : items;
      return checked(definition, values, `${at}.simpleSettingCollectionValue`);
    }
  }
}

function limitFrom(definition: PolicyDefinition, instance: SettingInstance, at: string): LimitValue {
  const { enabled, children } = choiceFrom(instance, at);
  if (!enabled) return 'on';
  const id = overrideIdOf(definition);
  const [child, ...more] = children;
  if (child === undefined) return 'locked';
  const place = `${at}.choiceSettingValue.children[0]`;
  if (child.settingDefinitionId?.toLowerCase() !== id || more.length > 0)
    throw wrong(`${place}.settingDefinitionId`, id, `${place}: the only child of this setting is ${id}.`);
  return choiceFrom(child, place).enabled ? 'off' : 'locked';
}

function choiceFrom(instance: SettingInstance, at: string): { enabled: boolean; children: readonly SettingInstance[] } {
  const value = memberOf(instance, CHOICE, 'choiceSettingValue', at);
  const [disabled, enabled] = optionIdsOf(instance.settingDefinitionId.toLowerCase());
  const chosen = typeof value === 'string' ? value.toLowerCase() : undefined;
  if (chosen !== enabled && chosen !== disabled)
    throw wrong(`${at}.choiceSettingValue.value`, [enabled, disabled], `It is ${enabled} or ${disabled}.`);
  const { children = [] } = instance['choiceSettingValue'] as { children?: readonly SettingInstance[] };
  return { enabled: chosen === enabled, children };
}

function memberOf(instance: SettingInstance, type: string, member: string, at: string): unknown {
  expectType(instance, type, at);
  return valueIn(instance[member]);
}

function expectType(instance: SettingInstance, type: string, at: string): void {
  if (instance['@odata.type'] !== type) throw wrong(`${at}.@odata.type`, type, `This setting is a ${type}.`);
}

function valueIn(holder: unknown): unknown {
  return typeof holder === 'object' && holder !== null && 'value' in holder ? holder.value : undefined;
}

/** Errors: invalidRequest naming `at` and what is allowed. */
export function checked(definition: PolicyDefinition, value: unknown, at: string): PolicyValue {
  const allowed = wrongValue(definition, value);
  if (allowed === undefined) return value as PolicyValue;
  throw wrong(at, allowed, `${definition.name} is ${allowed}.`);
}

function wrong(property: string, allowed: unknown, message: string): KnownError {
  return new KnownError('invalidRequest', `${property}: ${message}`, {
    inner: 'setting',
    details: { property, allowed },
  });
}

interface DocumentSetting {
  readonly settingInstance: SettingInstance;
}

/** A document's settings with this one in place of what it said before; everything else stays as it is. */
export function settingsWith(settings: readonly DocumentSetting[], changed: PolicySetting): DocumentSetting[] {
  const id = policyByName(changed.policy)?.definitionId;
  const others = settings.filter(({ settingInstance }) => settingInstance.settingDefinitionId.toLowerCase() !== id);
  return [...others, { settingInstance: instanceOf(changed) }];
}
