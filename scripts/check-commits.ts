/** Fails when a commit subject is not "type(part): what it does", at most 72 characters. Looks at all of history unless given a range. */

import { execFileSync } from 'node:child_process';

const SUBJECT =
  /^(feat|fix|docs|test|refactor|perf|build|chore)(\((model|agent|server|web|e2e|bench|catalog)\))?: [^A-Z\s].*[^.]$/;

const range = process.argv[2] ?? 'HEAD';
const subjects = execFileSync('git', ['log', '--no-merges', '--format=%s', range, '--'], {
  encoding: 'utf8',
  cwd: import.meta.dirname,
});
const wrong = subjects
  .split('\n')
  .filter((subject) => subject !== '' && (subject.length > 72 || !SUBJECT.test(subject)));

if (wrong.length > 0) {
  console.error(`Not in the form "type(part): what it does":\n${wrong.join('\n')}`);
  process.exitCode = 1;
}
