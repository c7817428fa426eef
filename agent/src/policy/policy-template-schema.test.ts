/** The templates of Group Policy against the schema of .admx and .adml files, and that it refuses what is broken. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Schema, schemaFaults } from '../../testing/xml-schema.ts';

const FOLDER = join(import.meta.dirname, '../../../policy-templates/windows');
const ADMX = 'carryover.admx';
const ADML = 'en-US/carryover.adml';

const template = (name: string) => readFileSync(join(FOLDER, name), 'utf8');
const schemaOf = (name: string): Schema => (name.endsWith('.admx') ? 'admx' : 'adml');

for (const name of [ADMX, ADML, 'de-DE/carryover.adml'])
  test(`${name} is as the schema says`, () => {
    assert.deepEqual(schemaFaults(schemaOf(name), template(name)), []);
  });

interface Broken {
  readonly file: typeof ADMX | typeof ADML;
  readonly from: string | RegExp;
  readonly to: string;
  readonly fault: RegExp;
}

const PARENT = '<parentCategory ref="Carryover_backup" />';
const SUPPORTED = '<supportedOn ref="SUPPORTED_Carryover" />';
const ENABLED = '<enabledValue><decimal value="1" /></enabledValue>';
const DISABLED = '<disabledValue><decimal value="0" /></disabledValue>';
const SHOWN = '<checkBox refId="UserOverride">Allow users to turn it on</checkBox>';

const BROKEN: Readonly<Record<string, Broken>> = {
  'values before what they are supported on': {
    file: ADMX,
    from: new RegExp(`${SUPPORTED}(\\s*)${ENABLED}`),
    to: `${ENABLED}$1${SUPPORTED}`,
    fault: /enabledValue'?: This element is not expected/,
  },
  'the disabled value before the enabled one': {
    file: ADMX,
    from: new RegExp(`${ENABLED}(\\s*)${DISABLED}`),
    to: `${DISABLED}$1${ENABLED}`,
    fault: /enabledValue'?: This element is not expected/,
  },
  'an attribute that there is not': {
    file: ADMX,
    from: 'name="AllowImages"',
    to: 'name="AllowImages" title="x"',
    fault: /'title' is not allowed/,
  },
  'an element that there is not': {
    file: ADMX,
    from: PARENT,
    to: `${PARENT}<note />`,
    fault: /note'?: This element is not expected/,
  },
  'a policy without a name to show': {
    file: ADMX,
    from: ' displayName="$(string.AllowImages)"',
    to: '',
    fault: /policy'?: The attribute 'displayName' is required/,
  },
  'a policy without a key': {
    file: ADMX,
    from: / key="[^"]*"/,
    to: '',
    fault: /'key' is required/,
  },
  'a policy of nobody': {
    file: ADMX,
    from: 'class="Machine"',
    to: 'class="machine"',
    fault: /'class'.*not an element/,
  },
  'words instead of a reference to words': {
    file: ADMX,
    from: '$(string.AllowImages)',
    to: 'Keep images',
    fault: /displayName'.*not accepted by the pattern/,
  },
  'a reference to words that is not closed': {
    file: ADMX,
    from: '$(string.AllowImages)',
    to: '$(string.AllowImages',
    fault: /displayName'.*not accepted by the pattern/,
  },
  'a presentation that is referred to as words': {
    file: ADMX,
    from: '$(presentation.StaleAfterDays)',
    to: '$(string.StaleAfterDays)',
    fault: /presentation'.*not accepted by the pattern/,
  },
  'a name with a space': {
    file: ADMX,
    from: 'name="AllowImages"',
    to: 'name="Allow images"',
    fault: /name'.*not accepted by the pattern/,
  },
  'two policies of one name': {
    file: ADMX,
    from: 'name="AllowSecrets"',
    to: 'name="AllowImages"',
    fault: /PolicyName/,
  },
  'a category that is nowhere': {
    file: ADMX,
    from: PARENT,
    to: PARENT.replace('_backup', '_lost'),
    fault: /CategoryOfPolicy/,
  },
  'a category below one that is nowhere': {
    file: ADMX,
    from: '<parentCategory ref="Carryover" />',
    to: '<parentCategory ref="Lost" />',
    fault: /ParentOfCategory/,
  },
  'support that is defined nowhere': {
    file: ADMX,
    from: SUPPORTED,
    to: '<supportedOn ref="SUPPORTED_Lost" />',
    fault: /SupportOfPolicy/,
  },
  'a number that is none': {
    file: ADMX,
    from: '<decimal value="1" />',
    to: '<decimal value="one" />',
    fault: /'value'.*not a valid value/,
  },
  'a bound beyond 32 bits': {
    file: ADMX,
    from: 'maxValue="365"',
    to: 'maxValue="4294967296"',
    fault: /'maxValue'.*not a valid value/,
  },
  'a bound below nothing': {
    file: ADMX,
    from: 'minValue="1"',
    to: 'minValue="-1"',
    fault: /'minValue'.*not a valid value/,
  },
  'a switch that is neither on nor off': {
    file: ADMX,
    from: 'required="true"',
    to: 'required="yes"',
    fault: /'required'.*not a valid value/,
  },
  'a key with its hive': {
    file: ADMX,
    from: 'key="Software\\Policies\\Carryover"',
    to: 'key="HKLM\\Software\\Policies\\Carryover"',
    fault: /'key'.*not accepted by the pattern/,
  },
  'a key with an empty part': {
    file: ADMX,
    from: 'key="Software\\Policies\\Carryover"',
    to: 'key="Software\\\\Policies\\Carryover"',
    fault: /'key'.*not accepted by the pattern/,
  },
  'an element without its value': {
    file: ADMX,
    from: ' valueName="DisableSettingSyncUserOverride"',
    to: '',
    fault: /boolean'?: The attribute 'valueName' is required/,
  },
  'two elements of one id': {
    file: ADMX,
    from: '<multiText id="List" valueName="AllowedAppSources" />',
    to: '<multiText id="List" valueName="A" /><multiText id="List" valueName="B" />',
    fault: /ElementOfPolicy/,
  },
  'elements without an element': {
    file: ADMX,
    from: '<multiText id="List" valueName="AllowedAppSources" />',
    to: '',
    fault: /elements'?: Missing child element/,
  },
  'a version without a point': { file: ADMX, from: 'revision="1.0"', to: 'revision="1"', fault: /'revision'.*pattern/ },
  'no word about the resources': { file: ADMX, from: /<resources [^>]*>/, to: '', fault: /Expected is .*resources/ },
  'another namespace': { file: ADMX, from: '2006/07', to: '2026/07', fault: /No matching global declaration/ },
  'an .adml file without a description': {
    file: ADML,
    from: /<description>.*<\/description>/,
    to: '',
    fault: /Expected is .*description/,
  },
  'presentations before strings': {
    file: ADML,
    from: /(<stringTable>.*<\/stringTable>)(\s*)(<presentationTable>.*<\/presentationTable>)/s,
    to: '$3$2$1',
    fault: /stringTable'?: This element is not expected/,
  },
  'words twice': { file: ADML, from: '<string id="AllowSecrets">', to: '<string id="AllowImages">', fault: /StringId/ },
  'words without an id': { file: ADML, from: '<string id="AllowSecrets">', to: '<string>', fault: /'id' is required/ },
  'a presentation twice': {
    file: ADML,
    from: '<presentation id="StaleAfterDays">',
    to: '<presentation id="KeptSnapshots">',
    fault: /PresentationId/,
  },
  'a control that shows nothing': {
    file: ADML,
    from: ' refId="UserOverride"',
    to: '',
    fault: /checkBox'?: The attribute 'refId' is required/,
  },
  'two controls of one element': { file: ADML, from: SHOWN, to: SHOWN + SHOWN, fault: /ShownElement/ },
  'a proposed number that is none': {
    file: ADML,
    from: 'defaultValue="30"',
    to: 'defaultValue="thirty"',
    fault: /'defaultValue'.*not a valid value/,
  },
  'a control that there is not': {
    file: ADML,
    from: '<multiTextBox refId="List" />',
    to: '<multilineBox refId="List" />',
    fault: /multilineBox'?: This element is not expected/,
  },
  'a label where there is none': {
    file: ADML,
    from: '<multiTextBox refId="List" />',
    to: '<multiTextBox refId="List">Addresses</multiTextBox>',
    fault: /multiTextBox'?: Character content is not allowed/,
  },
};

for (const [what, { file, from, to, fault }] of Object.entries(BROKEN))
  test(`refused: ${what}`, () => {
    const whole = template(file);
    const broken = whole.replace(from, to);
    assert.notEqual(broken, whole);

    const faults = schemaFaults(schemaOf(file), broken);

    assert.match(faults.join('\n'), fault);
  });

test('what is no XML is told as that', () => {
  assert.throws(() => schemaFaults('admx', '<policyDefinitions'), /could not judge/);
});
