import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { type Desktop, desktop } from '../../testing/desktop.ts';
import { memorySystem } from '../../testing/memory-system.ts';
import { GVariantError } from './gvariant.ts';
import { gvariantText } from './gvariant-print.ts';
import { valueForKey } from './gvariant-rule.ts';
import { schemasFrom } from './schema-xml.ts';
import { installedSchemas } from './schemas.ts';

let real: Desktop | undefined;
after(() => real?.close());

const XML = `<?xml version="1.0"?>
<schemalist>
  <enum id="org.example.Fit"><value nick="none" value="0"/><value nick='zoom' value='1'/></enum>
  <flags id="org.example.Sides"><value nick="left" value="1"/><value nick="right" value="2"/></flags>
  <schema id="org.example.base"><key name="common" type="b"><default>true</default></key></schema>
  <schema id="org.example.app" path="/org/example/app/" extends="org.example.base">
    <!-- <key name="gone" type="b"/> -->
    <key name="fit" enum="org.example.Fit"><default>'none'</default><aliases><alias value="fill" target="zoom"/></aliases></key>
    <key name="sides" flags="org.example.Sides"><default>[]</default></key>
    <key name="size" type="i"><range min="-3" max="10"/><default>1</default></key>
    <key name="factor" type="d"><range min="0.5" max="3"/><default>1.0</default></key>
    <key name="big" type="t"><range min="0" max="18446744073709551615"/><default>1</default></key>
    <key name="word" type="s"><choices><choice value="a&amp;b"/><choice value="c"/></choices><default>'c'</default></key>
    <child name="inner" schema="org.example.inner"/>
  </schema>
  <schema id="org.example.inner"><key name="deep" type="ms"><default>nothing</default></key></schema>
  <schema id="org.example.profile.item"><key name="name" type="s"><default>''</default></key></schema>
</schemalist>`;

test('types, choices, ranges, inherited keys and children are read from schema files', () => {
  const { keys, relocatable } = schemasFrom([XML]);

  assert.deepEqual(keys, {
    '/org/example/app/common': { type: 'b' },
    '/org/example/app/fit': { type: 's', choices: ['none', 'zoom', 'fill'] },
    '/org/example/app/sides': { type: 'as', choices: ['left', 'right'] },
    '/org/example/app/size': { type: 'i', least: '-3', most: '10' },
    '/org/example/app/factor': { type: 'd', least: '0.5', most: '3' },
    '/org/example/app/big': { type: 't', least: '0', most: '18446744073709551615' },
    '/org/example/app/word': { type: 's', choices: ['a&b', 'c'] },
    '/org/example/app/inner/deep': { type: 'ms' },
  });
  assert.deepEqual(
    relocatable.map(({ prefix }) => prefix),
    ['/org/example/profile/item', '/org/example/inner', '/org/example/base'],
  );
});

test('a value is taken as the key wants it, and refused with words when it does not fit', () => {
  const { keys } = schemasFrom([XML]);
  const fitted = (key: string, text: string) => {
    const rule = keys[`/org/example/app/${key}`];
    assert.ok(rule);
    try {
      return gvariantText(valueForKey(text, rule));
    } catch (error) {
      assert.ok(error instanceof GVariantError);
      return 'refused';
    }
  };

  assert.equal(fitted('fit', "'zoom'"), "'zoom'");
  assert.equal(fitted('fit', "'fill'"), "'fill'");
  assert.equal(fitted('fit', "'wide'"), 'refused');
  assert.equal(fitted('fit', '1'), 'refused');
  assert.equal(fitted('sides', "['left']"), "['left']");
  assert.equal(fitted('sides', "['top']"), 'refused');
  assert.equal(fitted('size', 'uint32 5'), '5');
  assert.equal(fitted('size', '11'), 'refused');
  assert.equal(fitted('size', '-4'), 'refused');
  assert.equal(fitted('factor', '1'), '1.0');
  assert.equal(fitted('factor', '0.35'), 'refused');
  assert.equal(fitted('big', 'uint64 18446744073709551615'), 'uint64 18446744073709551615');
  assert.equal(fitted('inner/deep', "'x'"), "@ms 'x'");
  assert.equal(fitted('common', "'true'"), 'refused');
});

test('the schemas of this machine allow every value that its programs have', async () => {
  real ??= await desktop();
  const schemas = await installedSchemas(real.system);
  const paths = new Map(
    (await real.system.run('gsettings', ['list-schemas', '--print-paths'])).stdout.split('\n').map((line) => {
      const [id = '', path = ''] = line.split(' ');
      return [id, path] as const;
    }),
  );
  const values = (await real.system.run('gsettings', ['list-recursively'])).stdout.trim().split('\n');

  assert.ok(values.length > 100, `only ${values.length} values`);
  for (const line of values) {
    const [, id = '', name = '', text = ''] = /^(\S+) (\S+) (.*)$/.exec(line) ?? [];
    // A schema without a path is listed where it is a child of another one.
    const rule = schemas.ruleOf(`${paths.get(id) ?? `/${id.replaceAll('.', '/')}/`}${name}`);
    assert.ok(rule, `no rule for ${id} ${name}`);
    assert.doesNotThrow(() => valueForKey(text, rule), line);
  }
});

test('a key below a folder that programs name themselves is known by its schema', async () => {
  real ??= await desktop();
  const schemas = await installedSchemas(real.system);
  const custom = '/org/gnome/settings-daemon/plugins/media-keys/custom-keybindings/custom0';

  assert.equal(schemas.ruleOf(`${custom}/command`)?.type, 's');
  assert.equal(schemas.ruleOf('/org/gnome/desktop/notifications/application/org-gnome-maps/enable')?.type, 'b');
  assert.equal(schemas.ruleOf('/org/gnome/desktop/app-folders/folders/Utilities/apps')?.type, 'as');
  assert.equal(schemas.ruleOf(`${custom}/no-such-key`), undefined);
  assert.equal(schemas.ruleOf('/org/example/elsewhere/command'), undefined);
});

test('what was read is kept until the installed schemas change', async () => {
  const system = memorySystem({ env: { XDG_DATA_DIRS: '/usr/share' } });
  const folder = '/usr/share/glib-2.0/schemas';
  system.put(`${folder}/a.gschema.xml`, XML);
  system.put(`${folder}/gschemas.compiled`, '1');
  await installedSchemas(system);

  system.put(`${folder}/a.gschema.xml`, '<schemalist/>');
  assert.ok((await installedSchemas(system)).ruleOf('/org/example/app/size'), 'the cache was not used');

  system.put(`${folder}/gschemas.compiled`, '2');
  assert.equal((await installedSchemas(system)).ruleOf('/org/example/app/size'), undefined);

  system.put(`${system.stateFolder}/schemas.json`, '{ damaged');
  assert.equal((await installedSchemas(system)).ruleOf('/org/example/app/size'), undefined);
});
