/** A program named pkcon that writes down what it is asked and answers as PackageKit's own would: with words and an exit code. */

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** By what it is asked last ("refresh", "get-updates", "update"); `also` is a line of shell that it runs before. */
export type PkconAnswers = Readonly<
  Record<string, { readonly says?: string; readonly exit: number; readonly also?: string }>
>;

/** Puts it into a folder of PATH. What was asked so far, each with its language. */
export function standInPkcon(folder: string, answers: PkconAnswers): { asked(): string[] } {
  const cases = Object.entries(answers).map(
    ([asked, { says = '', exit, also = ':' }]) => `*" ${asked}") ${also}; echo '${says}'; exit ${exit};;`,
  );
  const note = join(folder, 'asked');
  const lines = ['#!/bin/sh', `echo "$LC_ALL $*" >> '${note}'`, 'case "$*" in', ...cases, 'esac', 'exit 3', ''];
  writeFileSync(join(folder, 'pkcon'), lines.join('\n'));
  chmodSync(join(folder, 'pkcon'), 0o755);
  return { asked: () => readFileSync(note, 'utf8').trim().split('\n') };
}
