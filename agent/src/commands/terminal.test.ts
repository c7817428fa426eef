import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import type { Out } from './agent.ts';
import {
  bar,
  durationWords,
  type Look,
  line,
  plain,
  progressOn,
  reasonLines,
  runningLine,
  sizeWords,
  table,
} from './terminal.ts';
import { columnsOf, cutMiddle, shown, wrapped } from './text-columns.ts';

const LOOK: Look = {
  language: 'en',
  colour: false,
  columns: 120,
  signs: { done: '✓', warning: '!', failed: '✗', same: '=', change: '→', running: '●' },
};
const ASCII: Look = {
  ...LOOK,
  signs: { done: 'ok', warning: '!', failed: 'x', same: '=', change: '->', running: '*' },
};
const GERMAN: Look = { ...LOOK, language: 'de' };

test('the steps of a backup look as designed', () => {
  const steps = [
    line(LOOK, {
      sign: 'done',
      label: 'Read settings',
      text: '342 looked at, 41 differ from the default',
      tookMs: 400,
    }),
    line(LOOK, { sign: 'done', label: 'Read apps', text: '23 (19 Store, 4 winget)', tookMs: 1890 }),
    line(LOOK, { sign: 'done', label: 'Compare', text: '2 of 9 units changed' }),
    runningLine(LOOK, 'Send', { done: 1_300_000, total: 1_900_000, bytes: true }),
    line(LOOK, { sign: 'done', label: 'Nothing changed since yesterday 17:42. Nothing was sent' }),
  ];

  assert.deepEqual(steps, [
    '✓ Read settings        342 looked at, 41 differ from the default        0.4 s',
    '✓ Read apps            23 (19 Store, 4 winget)                          1.9 s',
    '✓ Compare              2 of 9 units changed',
    '● Send                 ━━━━━━━━━━━━━━━━━━━━╸─────────  1.3 of 1.9 MB',
    '✓ Nothing changed since yesterday 17:42. Nothing was sent',
  ]);
});

test('plain ASCII has signs of two columns and bars of its own', () => {
  assert.equal(line(ASCII, { sign: 'done', label: 'Compare', text: 'equal' }), 'ok Compare              equal');
  assert.equal(line(ASCII, { sign: 'warning', label: 'Compare', text: 'equal' }), '!  Compare              equal');
  assert.equal(line(ASCII, { label: 'Compare', text: 'equal' }), '   Compare              equal');
  assert.equal(
    runningLine(ASCII, 'Apps', { done: 1, total: 4 }),
    '*  Apps                 #######=----------------------  1 of 4',
  );
});

test('the plan is a table with its values under each other, long ones cut in the middle', () => {
  const lines = table(LOOK, {
    heading: ['Personalization', 'now', 'will be'],
    rows: [
      { sign: 'change', cells: ['App mode', 'Light', 'Dark'] },
      { sign: 'change', cells: ['Wallpaper', 'Bloom', 'a-very-long-name-of-a-picture-in-the-mountains.jpg'] },
      { sign: 'warning', cells: ['Taskbar position', 'Centre', 'locked by "Front desk PCs"'] },
      { sign: 'same', cells: ['5 already the same'] },
    ],
    widths: [23, 21],
  });

  assert.deepEqual(lines, [
    'Personalization            now                  will be',
    '  → App mode               Light                Dark',
    '  → Wallpaper              Bloom                a-very-long-name…e-mountains.jpg',
    '  ! Taskbar position       Centre               locked by "Front desk PCs"',
    '  = 5 already the same',
  ]);
  assert.ok(lines.every((text) => columnsOf(text) <= 80));
});

test('a table without given widths is as wide as it needs, and fits', () => {
  const rows = [
    { cells: ['AUE-LT-0417', 'yesterday 17:42', '41 settings, 23 apps'] },
    { cells: ['日本語の端末', '3 Nov', '12 settings'] },
  ];

  assert.deepEqual(table(LOOK, { rows, indent: 0 }), [
    '  AUE-LT-0417   yesterday 17:42  41 settings, 23 apps',
    '  日本語の端末  3 Nov            12 settings',
  ]);
  const long = table({ ...LOOK, columns: 40 }, { rows: [{ cells: ['x'.repeat(50), 'y'.repeat(50), 'z'.repeat(50)] }] });
  assert.deepEqual(long, ['    xxxxx…xxxxx yyyyy…yyyyy zzzzzz…zzzzz']);
});

test('a reason is followed by what to do, in whole sentences', () => {
  const app = { code: 'appNotOffered', facts: { app: 'SketchUp Viewer', source: 'flathub' } } as const;

  assert.deepEqual(reasonLines(LOOK, { code: 'needsElevation' }, { label: 'Set time zone automatically' }), [
    '  ! Set time zone automatically     Only an administrator can change this.',
    '    to fix                          Ask one to run: carryover schedule install',
    '                                    --for-everyone. Then restore it again.',
  ]);
  assert.deepEqual(reasonLines(GERMAN, app, { sign: 'failed', label: 'SketchUp Viewer', labelColumns: 20 }), [
    '  ✗ SketchUp Viewer     SketchUp Viewer wird in flathub nicht mehr angeboten.',
    '    Abhilfe             Ihre IT kann sie anders bereitstellen.',
  ]);
});

test('reasons can be numbered', () => {
  const reason = { code: 'buildTooOld', facts: { build: '11', family: 'debian', needed: '12' } } as const;

  const lines = reasonLines(LOOK, reason, { sign: { text: '1' }, label: 'Debian is too old', labelColumns: 25 });

  assert.equal(lines[0], '  1 Debian is too old        Build 11 is too old; debian needs 12.');
});

test('colour adds nothing but colour', () => {
  const coloured: Look = { ...LOOK, colour: true };
  const parts: ((look: Look) => string)[] = [
    (look) => line(look, { sign: 'failed', label: 'Send', text: 'x', tookMs: 5 }),
    (look) => runningLine(look, 'Send', { done: 3, total: 7 }),
    (look) => table(look, { rows: [{ sign: 'change', cells: ['a', 'b'] }] }).join('\n'),
    (look) => reasonLines(look, { code: 'damaged' }, { label: 'x' }).join('\n'),
  ];

  for (const part of parts) {
    assert.notEqual(part(coloured), part(LOOK));
    assert.equal(stripVTControlCharacters(part(coloured)), part(LOOK));
  }
  assert.equal(line(coloured, { sign: 'warning', label: 'x' }), '\u001b[38;5;172m!\u001b[39m x');
});

test('no line is wider than 80 columns or than the terminal', () => {
  const long = 'an endless sentence '.repeat(20);
  for (const columns of [50, 80, 300])
    for (const look of [LOOK, ASCII, GERMAN].map((other) => ({ ...other, columns }))) {
      const lines = [
        line(look, { sign: 'done', label: long, text: long, tookMs: 1000 }),
        line(look, { sign: 'done', label: long, text: long, indent: 2 }),
        line(look, { sign: 'done', label: long }),
        plain(look, long),
        ...table(look, { heading: [long, long], rows: [{ sign: 'change', cells: [long, long, long] }] }),
        ...reasonLines(look, { code: 'badValue', facts: { detail: long } }, { label: long, labelColumns: 20 }),
      ];
      for (const text of lines) assert.ok(columnsOf(text) <= Math.min(80, columns), `${columns}: ${text}`);
    }
});

test('names cannot steer the terminal', () => {
  const evil = 'Notes\u001b[2J\u0007\u202egpj.exe\u0085\nsecond';

  assert.equal(shown(evil), 'Notes·[2J··gpj.exe· second');
  for (const text of [
    line(LOOK, { label: evil, text: evil }),
    table(LOOK, { rows: [{ cells: [evil] }] }).join(''),
    runningLine(LOOK, evil, { done: 1, total: 2, text: evil }),
    reasonLines(LOOK, { code: 'badValue', facts: { detail: evil } }, { label: evil }).join(''),
  ])
    assert.doesNotMatch(text, /[\p{Cc}\u202e]/u);
});

test('bars are empty, half and full where they should be', () => {
  assert.equal(bar(LOOK, 0, 10, 4), '────');
  assert.equal(bar(LOOK, 1, 8, 4), '╸───');
  assert.equal(bar(LOOK, 5, 10, 4), '━━──');
  assert.equal(bar(LOOK, 9.99, 10, 4), '━━━╸');
  assert.equal(bar(LOOK, 10, 10, 4), '━━━━');
  assert.equal(bar(LOOK, 12, 10, 4), '━━━━');
  assert.equal(bar(LOOK, 0, 0, 4), '━━━━');
});

test('sizes and times are in the words of the language', () => {
  assert.deepEqual(
    [0, 999, 1000, 999_949, 999_951, 2_100_000, 1_234_000_000].map((bytes) => sizeWords(bytes, 'en')),
    ['0 bytes', '999 bytes', '1.0 kB', '999.9 kB', '1.0 MB', '2.1 MB', '1.2 GB'],
  );
  assert.equal(sizeWords(2_100_000, 'de'), '2,1 MB');
  assert.deepEqual(
    [0, 440, 9940, 9960, 59_400, 59_600, 192_000, 3_900_000].map((ms) => durationWords(ms, 'en')),
    ['0.0 s', '0.4 s', '9.9 s', '10 s', '59 s', '1 min 0 s', '3 min 12 s', '1 h 5 min'],
  );
  assert.equal(
    runningLine(GERMAN, 'Apps', { done: 9, total: 23, text: 'QGIS' }).split('  ').slice(-2).join('|'),
    ' 9 von 23|QGIS',
  );
});

test('what is cut keeps its beginning and its end', () => {
  assert.equal(cutMiddle('abcdefghij', 10), 'abcdefghij');
  assert.equal(cutMiddle('abcdefghijk', 10), 'abcde…hijk');
  assert.equal(cutMiddle('abcdefghijk', 10, '...'), 'abcd...ijk');
  assert.equal(cutMiddle('日本語の端末です', 9), '日本…です');
  assert.equal(cutMiddle('👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧', 5), '👩‍👩‍👧…👩‍👩‍👧');
});

test('lines break at spaces, and long words where they must', () => {
  assert.deepEqual(wrapped('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrapped('https://example.org/a', 8), ['https://', 'example.', 'org/a']);
  assert.deepEqual(wrapped('', 8), ['']);
});

function anOut(isTerminal: boolean): Out & { written: string } {
  return {
    ...LOOK,
    isTerminal,
    written: '',
    line(text) {
      this.written += `OUT ${text}\n`;
    },
    note(text) {
      this.written += `${text}\n`;
    },
    progress(text) {
      this.written += text;
    },
    json: () => assert.fail('Progress is no result.'),
  };
}

function twoSteps(out: Out): void {
  const progress = progressOn(out);
  progress.running('Send', { done: 0, total: 2 });
  progress.running('Send', { done: 1, total: 2 });
  progress.running('Send', { done: 1, total: 2 });
  progress.line({ sign: 'done', label: 'Send', text: '2 units' });
  progress.running('Apps', { done: 0, total: 1 });
  progress.end();
  progress.end();
}

test('on a terminal, progress redraws in place and leaves only finished steps', () => {
  const out = anOut(true);

  twoSteps(out);

  const at = (label: string, done: number, total: number) => `\r${runningLine(LOOK, label, { done, total })}\u001b[K`;
  assert.equal(
    out.written,
    `${at('Send', 0, 2)}${at('Send', 1, 2)}\r\u001b[K✓ Send                 2 units\n${at('Apps', 0, 1)}\r\u001b[K`,
  );
});

test('elsewhere, progress is one line for each finished step', () => {
  const out = anOut(false);

  twoSteps(out);

  assert.equal(out.written, '✓ Send                 2 units\n');
});

test('a quiet run says nothing of its progress', () => {
  const out = anOut(true);
  const progress = progressOn(out, true);

  progress.running('Send', { done: 1, total: 2 });
  progress.line({ sign: 'done', label: 'Send' });
  progress.end();

  assert.equal(out.written, '');
});

test('a step that nobody knows the length of shows its name alone', () => {
  assert.equal(runningLine(LOOK, 'Read settings'), '● Read settings');
});
