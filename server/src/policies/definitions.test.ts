/** The settings catalog: what an Intune script finds in it, and that a document made from it alone is understood. */

import assert from 'node:assert/strict';
import { CLIENTS } from '@carryover/model/wire';
import { okay } from '../../testing/backups.ts';
import { jsonBody, testOnService } from '../../testing/service.ts';

const GRAPH = { client: CLIENTS.graphCommandLine, resource: 'graph' } as const;
const SETTINGS = '/beta/deviceManagement/configurationSettings';
const CATEGORIES = '/beta/deviceManagement/configurationCategories';

interface Definition {
  readonly '@odata.type': string;
  readonly id: string;
  readonly displayName: string;
  readonly categoryId: string;
  readonly rootDefinitionId: string;
  readonly options?: readonly { readonly itemId: string; readonly displayName: string }[];
  readonly valueDefinition?: { readonly minimumValue?: number };
}

testOnService('a definition is found by its words, has a category, and can be asked for alone', async (service) => {
  const { administrator } = await service.setUp();
  const graph = await service.signIn(administrator, GRAPH);
  const { value } = await okay<{ value: Definition[] }>(await graph.fetch(SETTINGS));
  const categories = await okay<{ value: { id: string; displayName: string }[] }>(await graph.fetch(CATEGORIES));

  const backup = value.find(({ displayName }) => displayName === 'Enable Windows Backup');

  assert.equal(backup?.id, 'device_vendor_msft_policy_config_settingssync_enablewindowsbackup');
  assert.deepEqual(
    backup?.options?.map(({ itemId }) => itemId),
    [`${backup?.id}_0`, `${backup?.id}_1`],
  );
  const ids = categories.value.map(({ id }) => id);
  for (const { id, categoryId } of value) assert.ok(ids.includes(categoryId), id);
  assert.equal(new Set(value.map(({ id }) => id)).size, value.length);
  const alone = await okay<Definition>(await graph.fetch(`${SETTINGS}/${backup?.id}`));
  assert.deepEqual({ ...backup, '@odata.context': undefined }, { ...alone, '@odata.context': undefined });
  assert.equal((await graph.fetch(`${SETTINGS}/other`)).status, 404);
  assert.equal((await graph.fetch(`${CATEGORIES}/${ids[0]}`)).status, 200);
});

testOnService(
  'every definition makes a document that is understood, from what the catalog says alone',
  async (service) => {
    const { administrator } = await service.setUp();
    const graph = await service.signIn(administrator, GRAPH);
    const { value } = await okay<{ value: Definition[] }>(await graph.fetch(SETTINGS));
    const roots = value.filter(({ id, rootDefinitionId }) => id === rootDefinitionId);
    const settings = roots.map((definition) => ({ settingInstance: instanceFrom(definition) }));

    const made = await okay<{ settingCount: number; carryover: { unknownSettings: string[] } }>(
      await graph.fetch(
        '/beta/deviceManagement/configurationPolicies',
        jsonBody('POST', { name: 'All of it', settings }),
      ),
    );

    assert.deepEqual([made.settingCount, made.carryover.unknownSettings], [roots.length, []]);
  },
);

/** As a script would: the kind of instance follows from the kind of definition. */
function instanceFrom({ '@odata.type': type, id, options, valueDefinition }: Definition) {
  const common = { '@odata.type': type.replace('Definition', 'Instance'), settingDefinitionId: id };
  if (options !== undefined) return { ...common, choiceSettingValue: { value: options[1]?.itemId, children: [] } };
  if (type.includes('Collection')) return { ...common, simpleSettingCollectionValue: [] };
  return { ...common, simpleSettingValue: { value: valueDefinition?.minimumValue } };
}
