import assert from 'node:assert/strict';
import { test } from 'node:test';
import { homeExpanded, homeTemplated } from './home-template.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (content: Uint8Array) => new TextDecoder('utf-8', { ignoreBOM: true }).decode(content);

function carried(content: string, from: string, to: string): { stored: string; restored: string } {
  const stored = homeTemplated(bytes(content), from);
  return { stored: text(stored), restored: text(homeExpanded(stored, to)) };
}

test('a plain path becomes the home of whoever restores', () => {
  const { stored, restored } = carried('Exec=/home/lena/bin/sync --quiet\n', '/home/lena', '/home/ole');

  assert.equal(stored, `Exec=\${HOME}/bin/sync --quiet\n`);
  assert.equal(restored, 'Exec=/home/ole/bin/sync --quiet\n');
});

test('a file URI is percent-encoded on both sides', () => {
  const { stored, restored } = carried('file:///home/j%c3%b6rg%20m/Docs D\n', '/home/jörg m', '/home/zoë+1 #2');

  assert.equal(stored, `file://\${HOME}/Docs D\n`);
  assert.equal(restored, 'file:///home/zo%C3%AB+1%20%232/Docs D\n');
});

test('folders whose names only contain the home are left alone', () => {
  const content = '/home/lenas/a /mnt/home/lena/b /home/lena.old/c file:///home/lena%20b/d /home/lena-2';

  assert.equal(carried(content, '/home/lena', '/home/ole').restored, content);
});

test('the home itself is found at the end of a line and before quotes and colons', () => {
  const { stored } = carried('A="/home/lena":/home/lena:/opt\nB=/home/lena\nfile:///home/lena', '/home/lena', '/x');

  assert.equal(stored, `A="\${HOME}":\${HOME}:/opt\nB=\${HOME}\nfile://\${HOME}`);
});

test('a text that already says the placeholder comes back as it was', () => {
  const content = `sh -c "\${HOME}/a $\${HOME}/b $HOME/c file://\${HOME}/d /home/lena/e"`;

  assert.equal(carried(content, '/home/lena', '/home/lena').restored, content);
});

test('a home with signs that mean something elsewhere is taken literally', () => {
  const { stored, restored } = carried('/home/a.b$&(c)/x /home/aXb/x', '/home/a.b$&(c)', '/home/$1$&');

  assert.equal(stored, `\${HOME}/x /home/aXb/x`);
  assert.equal(restored, '/home/$1$&/x /home/aXb/x');
});

test('content that is not UTF-8 passes unchanged, a byte order mark stays', () => {
  const binary = Uint8Array.from([0xff, 0xfe, 0x00, ...bytes('/home/lena')]);

  assert.deepEqual(homeTemplated(binary, '/home/lena'), binary);
  assert.deepEqual(homeExpanded(binary, '/home/lena'), binary);
  assert.equal(carried('\uFEFF/home/lena', '/home/lena', '/home/ole').restored, '\uFEFF/home/ole');
});
