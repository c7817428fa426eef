/**
 * The pattern language of file places: paths below the home folder with stars.
 *
 * `*` stands for anything within one segment, `**` for one or more segments (any number of them in the middle).
 *
 * Pure. Source: catalog/deny.yaml, model/src/setting.ts (FilePlace).
 */

/** Whether `path` (segments joined by "/", no leading slash) is one that `pattern` stands for. */
export function matchesPath(pattern: string, path: string): boolean {
  return matchesSegments(pattern.split('/'), path.split('/'));
}

/** The segments before the first star: the folder (or file) a pattern starts from. */
export function fixedPart(pattern: string): string {
  const segments = pattern.split('/');
  const star = segments.findIndex((segment) => segment.includes('*'));
  return (star < 0 ? segments : segments.slice(0, star)).join('/');
}

function matchesSegments(pattern: readonly string[], path: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  if (first === undefined) return path.length === 0;
  if (first !== '**') {
    const [segment, ...below] = path;
    return segment !== undefined && matchesSegment(first, segment) && matchesSegments(rest, below);
  }
  if (rest.length === 0) return path.length > 0;
  return path.some((_, index) => matchesSegments(rest, path.slice(index)));
}

function matchesSegment(pattern: string, segment: string): boolean {
  const [start = '', ...pieces] = pattern.split('*');
  const end = pieces.pop();
  if (end === undefined) return segment === start;
  if (!segment.startsWith(start)) return false;
  let from = start.length;
  for (const piece of pieces) {
    const at = segment.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return segment.length - end.length >= from && segment.endsWith(end);
}
