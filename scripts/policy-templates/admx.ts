/**
 * carryover.admx: every policy as Group Policy writes it into the registry.
 *
 * Microsoft's policies keep Microsoft's keys and values, so that one template is enough where its own (SettingSync.admx)
 * is older than they are; a PC that has both reads one value. Everything refers to definitions of this file alone.
 *
 * Source: ADMX syntax (PolicyDefinitions.xsd); model/src/policy-registry.ts for what the values mean.
 */

import {
  overrideValueOf,
  POLICIES,
  POLICY_CATEGORIES,
  type PolicyDefinition,
  type PolicyKind,
} from '../../model/src/policy-definitions.ts';
import { attribute, SCHEMA, stringReference } from './xml.ts';

/** Name of the category that holds the others. */
export const ROOT_CATEGORY = 'Carryover';
export const SUPPORTED = 'SUPPORTED_Carryover';
/** Id of the element of each policy that has one; Group Policy keeps what was entered under it. */
export const ELEMENT_IDS = { limit: 'UserOverride', number: 'Number', list: 'List' } as const;

export function categoryName(category: PolicyDefinition['category']): string {
  return `${ROOT_CATEGORY}_${category}`;
}

export function admxFile(): string {
  return `<?xml version="1.0" encoding="utf-8"?>
<policyDefinitions ${SCHEMA} revision="1.0" schemaVersion="1.0">
  <policyNamespaces>
    <target prefix="carryover" namespace="Carryover.Policies" />
  </policyNamespaces>
  <resources minRequiredRevision="1.0" />
  <supportedOn>
    <definitions>
      <definition name="${SUPPORTED}" displayName="${stringReference(SUPPORTED)}" />
    </definitions>
  </supportedOn>
  <categories>
    <category name="${ROOT_CATEGORY}" displayName="${stringReference(ROOT_CATEGORY)}" />
${POLICY_CATEGORIES.map(categoryElement).join('\n')}
  </categories>
  <policies>
${POLICIES.map(policyElement).join('\n')}
  </policies>
</policyDefinitions>
`;
}

function categoryElement(category: PolicyDefinition['category']): string {
  const name = categoryName(category);
  return `    <category name="${name}" displayName="${stringReference(name)}">
      <parentCategory ref="${ROOT_CATEGORY}" />
    </category>`;
}

function policyElement(definition: PolicyDefinition): string {
  const { name, registry, category, kind } = definition;
  const hasElements = kind !== 'switch';
  // A number or a list is the value itself: where the policy is Disabled there is none, and its default holds.
  const isElementAlone = kind === 'number' || kind === 'list';
  const attributes = [
    `name="${name}"`,
    'class="Machine"',
    `displayName="${stringReference(name)}"`,
    `explainText="${stringReference(`${name}_Explain`)}"`,
    ...(hasElements ? [`presentation="$(presentation.${name})"`] : []),
    attribute('key', registry.key),
    ...(isElementAlone ? [] : [attribute('valueName', valueNameOf(definition))]),
  ];
  return `    <policy ${attributes.join(' ')}>
      <parentCategory ref="${categoryName(category)}" />
      <supportedOn ref="${SUPPORTED}" />
${VALUES[kind](definition)}
    </policy>`;
}

function valueNameOf({ name, registry }: PolicyDefinition): string {
  return registry.value ?? name;
}

const VALUES: Readonly<Record<PolicyKind, (definition: PolicyDefinition) => string>> = {
  switch: () => states(1, 0),
  /** Ticked, people may turn it on: the value says whether they may not. */
  limit: (definition) => `${states(2, 0)}
      <elements>
        <boolean id="${ELEMENT_IDS.limit}" ${attribute('valueName', overrideValueOf(definition))}>
          <trueValue><decimal value="0" /></trueValue>
          <falseValue><decimal value="1" /></falseValue>
        </boolean>
      </elements>`,
  number(definition) {
    const { from = 0, to = 0 } = definition.range ?? {};
    const value = attribute('valueName', valueNameOf(definition));
    return `      <elements>
        <decimal id="${ELEMENT_IDS.number}" ${value} minValue="${from}" maxValue="${to}" required="true" />
      </elements>`;
  },
  list: (definition) => `      <elements>
        <multiText id="${ELEMENT_IDS.list}" ${attribute('valueName', valueNameOf(definition))} />
      </elements>`,
};

function states(enabled: number, disabled: number): string {
  return `      <enabledValue><decimal value="${enabled}" /></enabledValue>
      <disabledValue><decimal value="${disabled}" /></disabledValue>`;
}
