/**
 * The page's samples: fenced blocks that follow `<!-- sample: NAME -->`. The words around them are written by hand.
 */

import type { Samples } from './samples.ts';

const BLOCK = /(<!-- sample: ([\w-]+) -->\n```\w*\n)([\s\S]*?)(\n```)/g;

/** `page` with these samples in its blocks. Errors: Error that names what one of the two lacks. */
export function filled(page: string, samples: Samples): string {
  const names = [...page.matchAll(BLOCK)].map(([, , name = '']) => name);
  const differ = [...new Set(names).symmetricDifference(new Set(Object.keys(samples)))];
  if (differ.length > 0) throw new Error(`In the page or the samples, but not in both: ${differ.join(', ')}`);
  return page.replace(BLOCK, (_, start: string, name: string, _old: string, end: string) => {
    return `${start}${samples[name]}${end}`;
  });
}

/**
 * What stays of a page from run to run: words, names, punctuation and the number of lines, but no byte, digest, number
 * or version of the machine it ran on.
 */
export function shapeOf(page: string): string {
  return (
    page
      .replace(/^[0-9a-f]{8} {2}.*$/gm, 'BYTES')
      .replace(/\b(eyJ[\w.-]*|[0-9a-f]{16,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})\b/g, 'ID')
      .replace(/"(build|osName)": "[^"]*"/g, '"$1": "SYSTEM"')
      .replace(/"(build|osName)":"[^"]*"/g, '"$1":"SYSTEM"')
      .replace(/\b(today|yesterday)\b/g, 'DAY')
      .replace(/\d+(\.\d+)?( Jan| Feb| Mar| Apr| May| Jun| Jul| Aug| Sept?| Oct| Nov| Dec)?/g, 'N')
      .replace(/ +/g, ' ')
      // A value is read back until dconf has written it: once or more.
      .replace(/^(.+)(\n\1)+$/gm, '$1')
  );
}
