/**
 * The policies that are known here, as definitions of Graph's settings catalog: what an administrator's tool looks for
 * before it writes a document.
 *
 * Made from model/src/policy-definitions.ts; nothing is written down twice. A limit has the definition of its check box
 * beside it, as the ADMX-backed ones of Intune have.
 *
 * Source: Graph beta, deviceManagementConfigurationSettingDefinition and what derives from it,
 * deviceManagementConfigurationCategory; graph-api.md 4.
 */

import { optionIdsOf, overrideIdOf } from '@carryover/model/policy-catalog';
import {
  POLICIES,
  POLICY_CATEGORIES,
  POLICY_CATEGORY_TITLES,
  type PolicyCategory,
  type PolicyDefinition,
} from '@carryover/model/policy-definitions';

const GRAPH = '#microsoft.graph.deviceManagementConfiguration';

/** Made up once; Intune's own differ from tenant to tenant of documentation and are not published. */
const CATEGORY_IDS: Readonly<Record<PolicyCategory, string>> = {
  backup: '6f1b2a52-6f0e-4c57-9a07-0c3b1f6f7a01',
  remember: '6f1b2a52-6f0e-4c57-9a07-0c3b1f6f7a02',
  restore: '6f1b2a52-6f0e-4c57-9a07-0c3b1f6f7a03',
  windows: '6f1b2a52-6f0e-4c57-9a07-0c3b1f6f7a04',
  carryover: '6f1b2a52-6f0e-4c57-9a07-0c3b1f6f7a05',
};

export interface Definition {
  readonly id: string;
  readonly [member: string]: unknown;
}

/** Every definition, check boxes right behind what they belong to. */
export function settingDefinitions(): Definition[] {
  return POLICIES.flatMap((policy) => {
    const definition = definitionOf(policy);
    return policy.kind === 'limit' ? [definition, checkBoxOf(policy)] : [definition];
  });
}

export function settingCategories(): Definition[] {
  return POLICY_CATEGORIES.map((category) => {
    const { title, path } = POLICY_CATEGORY_TITLES[category];
    return {
      id: CATEGORY_IDS[category],
      name: title.en,
      displayName: title.en,
      description: path,
      helpText: null,
      parentCategoryId: '',
      rootCategoryId: CATEGORY_IDS[category],
      childCategoryIds: [],
      platforms: 'windows10,linux',
      technologies: 'mdm',
      settingUsage: 'configuration',
    };
  });
}

function definitionOf(policy: PolicyDefinition): Definition {
  const { definitionId, kind, range } = policy;
  const common = commonOf(policy, definitionId);
  switch (kind) {
    case 'switch':
    case 'limit':
      return {
        ...common,
        '@odata.type': `${GRAPH}ChoiceSettingDefinition`,
        defaultOptionId: null,
        options: optionsOf(definitionId, kind === 'limit' ? overrideIdOf(policy) : undefined),
      };
    case 'number':
      return {
        ...common,
        '@odata.type': `${GRAPH}SimpleSettingDefinition`,
        defaultValue: null,
        valueDefinition: {
          '@odata.type': `${GRAPH}IntegerSettingValueDefinition`,
          minimumValue: range?.from ?? 0,
          maximumValue: range?.to ?? 0,
        },
      };
    case 'list':
      return {
        ...common,
        '@odata.type': `${GRAPH}SimpleSettingCollectionDefinition`,
        minimumCount: 0,
        maximumCount: 100,
        valueDefinition: {
          '@odata.type': `${GRAPH}StringSettingValueDefinition`,
          format: 'url',
          minimumLength: 0,
          maximumLength: 500,
        },
      };
  }
}

function checkBoxOf(policy: PolicyDefinition): Definition {
  const id = overrideIdOf(policy);
  const [, enabled] = optionIdsOf(policy.definitionId);
  return {
    ...commonOf(policy, id),
    '@odata.type': `${GRAPH}ChoiceSettingDefinition`,
    name: 'CheckBox_UserOverride',
    displayName: 'Allow users to turn syncing on',
    rootDefinitionId: policy.definitionId,
    defaultOptionId: null,
    options: optionsOf(id),
    dependentOn: [{ parentSettingId: policy.definitionId, dependentOn: enabled }],
  };
}

function commonOf({ name, title, explanation, omaUri, category }: PolicyDefinition, id: string) {
  const at = omaUri.indexOf('/', omaUri.indexOf('Vendor/') + 'Vendor/'.length);
  return {
    id,
    name,
    displayName: title.en,
    description: explanation.en,
    helpText: explanation.en,
    categoryId: CATEGORY_IDS[category],
    baseUri: omaUri.slice(0, at),
    offsetUri: omaUri.slice(at),
    rootDefinitionId: id,
    keywords: [name, title.en, title.de],
    infoUrls: [],
    settingUsage: 'configuration',
    uxBehavior: 'default',
    visibility: 'settingsCatalog',
    accessTypes: 'add,delete,get,replace',
    applicability: { platform: 'windows10,linux', technologies: 'mdm', deviceMode: 'none' },
  };
}

function optionsOf(id: string, dependedOnBy?: string) {
  const [disabled, enabled] = optionIdsOf(id);
  const option = (itemId: string, name: string, depended: readonly string[]) => ({
    itemId,
    name,
    displayName: name,
    description: null,
    helpText: null,
    dependentOn: [],
    dependedOnBy: depended.map((child) => ({ dependedOnBy: child, required: false })),
  });
  return [
    option(disabled, 'Disabled', []),
    option(enabled, 'Enabled', dependedOnBy === undefined ? [] : [dependedOnBy]),
  ];
}
