/**
 * Draws what a command printed on a terminal as a picture: node scripts/terminal-picture.ts OUT.png TITLE < output
 *
 * Understands the few escape sequences Carryover prints (bold, dim, 256 colours) and draws them with Debian's Chromium.
 * The text is what a real run printed; only the frame is ours.
 */

import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [out, title = ''] = process.argv.slice(2);
if (out === undefined) {
  console.error('Usage: node scripts/terminal-picture.ts OUT.png TITLE < output');
  process.exit(2);
}

/** The three colours of the terminal's palette (docs: screens), as they look on a dark ground. */
const COLOURS: Record<string, string> = { '31': '#43a4c3', '172': '#f2b84b', '125': '#f08bb2' };
/** ESC [ codes letter; built from a string because the character itself is not welcome in a literal. */
const ESCAPE_SEQUENCE = new RegExp(`${String.fromCodePoint(27)}\\[([0-9;?]*)([A-Za-z])`, 'g');
const LINE_HEIGHT_PX = 20;
const WIDTH_PX = 860;

const lines = readFileSync(0, 'utf8').replace(/\s+$/, '').split('\n').map(lastDrawn);

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking', '--disable-sync'],
});
try {
  const page = await browser.newPage({ deviceScaleFactor: 2, viewport: { width: WIDTH_PX, height: 10 } });
  await page.setContent(html(title, lines.map(coloured).join('\n')));
  await page.screenshot({ path: out, fullPage: true });
} finally {
  await browser.close();
}

/** A line that was redrawn in place: what stood there at the end. */
function lastDrawn(line: string): string {
  return line.split('\r').findLast((drawn) => drawn !== '') ?? '';
}

function coloured(line: string): string {
  let open = 0;
  const text = line.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const marked = text.replace(ESCAPE_SEQUENCE, (_, codes: string, kind: string) => {
    if (kind !== 'm') return '';
    const style = styleOf(codes);
    if (style === '') {
      const closing = '</span>'.repeat(open);
      open = 0;
      return closing;
    }
    open += 1;
    return `<span style="${style}">`;
  });
  return marked + '</span>'.repeat(open);
}

function styleOf(codes: string): string {
  const colour = /38;5;(\d+)/.exec(codes)?.[1];
  if (colour !== undefined) return `color:${COLOURS[colour] ?? '#d5dadd'}`;
  if (codes === '1') return 'font-weight:600;color:#fff';
  if (codes === '2') return 'opacity:.62';
  return '';
}

function html(heading: string, body: string): string {
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 0; padding: 18px; background: #e9f3f6; }
    .window { background: #12282f; border-radius: 12px; box-shadow: 0 8px 24px #00303e55; overflow: hidden; }
    .bar { color: #a1d6e8; font: 13px/36px 'Open Sans', sans-serif; padding: 0 16px; background: #0c1e24; }
    pre { margin: 0; padding: 10px 18px 14px; color: #d5dadd;
      font: 13.5px/${LINE_HEIGHT_PX}px 'Cascadia Mono', 'DejaVu Sans Mono', monospace; }
  </style><div class="window"><div class="bar">${heading}</div><pre>${body}</pre></div>`;
}
