import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { ERRORS, KnownError } from '@carryover/model/errors';
import { temporaryHome } from '../../testing/temporary-home.ts';
import { capturedOut, testAgent } from '../../testing/test-agent.ts';
import { runCommandLine } from './command-line.ts';
import { helpOf, helpOfAll } from './help.ts';
import { parsed, WORDS, type WordName } from './words.ts';

const MAIN = new URL('../main.ts', import.meta.url).pathname;

async function typed(line: string) {
  const agent = testAgent();
  const exit = await runCommandLine(line === '' ? [] : line.split(' '), agent.out, () => agent);
  const { lines, notes, objects } = agent.out;
  return { exit, lines, notes, objects };
}

test('a word nobody knows ends with 2, a sentence and the nearest word', async () => {
  for (const [wrong, meant] of [
    ['bakcup', 'backup'],
    ['stauts', 'status'],
    ['enrol', 'enroll'],
    ['rundue', 'run-due'],
  ]) {
    const { exit, lines, notes } = await typed(`${wrong}`);
    assert.equal(exit, 2);
    assert.deepEqual(lines, []);
    assert.deepEqual(notes, [`x There is no command "${wrong}". Did you mean: carryover ${meant}`]);
  }
});

test('a word like no other points to the list', async () => {
  const { exit, notes } = await typed('xylophone');

  assert.equal(exit, 2);
  assert.match(notes.join(), /All of them: carryover --help/);
});

test('an option nobody knows ends with 2, a sentence and the nearest option', async () => {
  const { exit, notes } = await typed('status --jsno');

  assert.equal(exit, 2);
  assert.match(notes.join(), /There is no option "--jsno"\. Did you mean --json\? See: carryover status --help/);
});

test('a missing argument, one too many, and an option without its value are said', async () => {
  for (const [line, words] of [
    ['enroll', /LINK is missing/],
    ['status now', /"now" is one word too many/],
    ['enroll https://x.example --ca', /--ca/],
    ['status --json=yes', /--json/],
    ['schedule instal', /Did you mean: carryover schedule install/],
    ['remember personalisation off', /Did you mean "personalization"/],
    ['remember apps maybe', /Say "on" or "off" after apps/],
  ] as const) {
    const { exit, notes } = await typed(line);
    assert.equal(exit, 2, line);
    assert.match(notes.join(), words);
  }
});

test('with --json an error is one line of standard output in the form of the service', async () => {
  const { exit, objects, notes } = await typed('status --json');

  assert.equal(exit, ERRORS.notEnrolled.exit);
  assert.deepEqual(notes, []);
  const [{ error }] = objects as [{ error: { code: string; message: string } }];
  assert.equal(error.code, 'notEnrolled');
  assert.match(error.message, /carryover enroll LINK/);
});

test('every word has help with an example in both languages, at most 100 columns wide', () => {
  for (const language of ['en', 'de'] as const) {
    const all = helpOfAll(language);
    for (const name of Object.keys(WORDS) as WordName[]) {
      const help = helpOf(name, language);
      assert.match(help, new RegExp(`\n  carryover ${name}`), name);
      assert.match(help, /--json/, name);
      assert.ok(all.includes(`  ${name} `), name);
      assert.deepEqual(
        `${help}\n${all}`.split('\n').filter((line) => line.length > 100),
        [],
        name,
      );
    }
  }
});

test('every example of the help can be read', () => {
  for (const [name, { examples }] of Object.entries(WORDS)) {
    for (const example of examples) {
      const [program, word, ...args] = example.split(' ');
      assert.equal(program, 'carryover');
      assert.equal(word, name);
      assert.doesNotThrow(() => parsed(name as WordName, args), example);
    }
  }
});

test('--help after a word shows its help and does nothing else', async () => {
  const { exit, lines } = await typed('unenroll --help');

  assert.equal(exit, 0);
  assert.match(lines.join('\n'), /^Disconnect this PC/);
  assert.deepEqual((await typed('help unenroll')).lines, lines);
});

test('a fault of this program ends with 1 and is no sentence for people', async () => {
  const out = capturedOut('en');

  const exit = await runCommandLine(['status', '--json'], out, () => {
    throw new TypeError('not a function');
  });

  assert.equal(exit, 1);
  assert.deepEqual(out.objects, [{ error: { code: 'generalException', message: 'TypeError: not a function' } }]);
});

test('the reasons that come with an error are said with their remedies, and unknown ones are not made up', async () => {
  const out = capturedOut('en');
  const reasons = [{ code: 'notSwitchedOn', facts: { org: 'Example' } }, { code: 'fromTheFuture' }];

  const exit = await runCommandLine(['status'], out, () => {
    throw new KnownError('notAllowed', 'Backup is not possible on this PC.', { details: { reasons } });
  });

  assert.equal(exit, ERRORS.notAllowed.exit);
  assert.deepEqual(out.notes, [
    'x Backup is not possible on this PC.',
    '  !  Example has not turned on backup or roaming for this PC. Ask IT to assign',
    '     "Enable Windows Backup".',
  ]);
});

/** The program itself, in a home of its own. */
async function program(args: readonly string[], env: Record<string, string> = {}) {
  await using home = await temporaryHome();
  return new Promise<{ exit: number; stdout: string; stderr: string }>((resolve) => {
    const own = { PATH: process.env['PATH'], HOME: home.home, LC_ALL: 'C.UTF-8', ...env };
    execFile(process.execPath, [MAIN, ...args], { env: own }, (error, stdout, stderr) =>
      resolve({ exit: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

test('the program says its version', async () => {
  const { exit, stdout, stderr } = await program(['--version']);

  assert.deepEqual([exit, stderr], [0, '']);
  assert.match(stdout, /^carryover \d+\.\d+\.\d+\n$/);
});

test('the program speaks German where the person does, and ends with the code of the error', async () => {
  const { exit, stdout } = await program(['--help'], { LC_ALL: 'de_DE.UTF-8' });
  assert.equal(exit, 0);
  assert.match(stdout, /Befehle:/);

  const enroll = await program(['enroll', 'not-a-link']);
  assert.equal(enroll.exit, 2);
  assert.match(enroll.stderr, /^✗ This link cannot be used\./);
});

test('a variable that cannot be read is named', async () => {
  const { exit, stderr } = await program(['status'], { CARRYOVER_TIMEOUT_SECONDS: 'soon' });

  assert.equal(exit, 2);
  assert.match(stderr, /CARRYOVER_TIMEOUT_SECONDS must be a number above 0, not "soon"/);
});
