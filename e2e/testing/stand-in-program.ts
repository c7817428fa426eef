/**
 * A stand-in for a program of Windows, as a program: Node with a script of the tests inside, so that nothing of Node is
 * needed on the PC.
 */

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { withoutSignature } from '../../scripts/windows/portable-executable.ts';
import { WINDOWS } from '../../scripts/windows-set-up.ts';
import { runProgram } from './run-program.ts';

/**
 * Writes `<name>.exe` into `folder` and returns its path. `script` lies beside this file, and awaits nothing at its top.
 * Errors: Error with what Node said.
 */
export async function standInProgram(folder: string, name: string, script: string): Promise<string> {
  await build({
    entryPoints: [join(import.meta.dirname, script)],
    outfile: join(folder, `${name}.cjs`),
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'warning',
  });
  await writeFile(join(folder, `${name}-node.exe`), withoutSignature(await readFile(WINDOWS.node)));
  const config = {
    main: `${name}.cjs`,
    executable: `${name}-node.exe`,
    output: `${name}.exe`,
    disableExperimentalSEAWarning: true,
    useCodeCache: false,
  };
  await writeFile(join(folder, `${name}-sea.json`), JSON.stringify(config));
  const made = await runProgram(process.execPath, ['--build-sea', `${name}-sea.json`], { env: {}, cwd: folder });
  if (made.exit !== 0) throw new Error(`The stand-in for ${name}: ${made.stdout}${made.stderr}`);
  return join(folder, `${name}.exe`);
}
