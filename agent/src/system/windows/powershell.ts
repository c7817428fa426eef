/**
 * Windows PowerShell, which is part of every Windows, for what Windows offers to programs only as its Windows Runtime.
 *
 * A script is a text of this program's own, handed over encoded, with nothing put into it: what it works on comes by
 * variables of its environment.
 *
 * Source: Microsoft's page about_PowerShell_exe.
 */

import type { System } from '../system.ts';

/** A script that waits for an answer of Windows which does not come, in milliseconds. */
const LIMIT_MS = 60_000;

/**
 * What a script wrote, line by line.
 * Errors: missingPart without Windows PowerShell; Error with its last words when it fails.
 */
export async function linesOfPowerShell(
  system: System,
  script: string,
  options: { readonly env: Readonly<Record<string, string>>; readonly readOnly: boolean },
): Promise<readonly string[]> {
  const windows = (system.env['SYSTEMROOT'] ?? 'C:\\Windows').replaceAll('/', '\\');
  const program = `${windows}\\System32\\WindowsPowerShell\\v1.0\\powershell.exe`;
  // Text of errors instead of XML.
  const encoded = Buffer.from(script, 'utf16le').toString('base64');
  const args = ['-NoProfile', '-NonInteractive', '-OutputFormat', 'Text', '-EncodedCommand', encoded];
  const { exit, stdout, stderr } = await system.run(program, args, { ...options, timeoutMs: LIMIT_MS });
  const lines = linesIn(stdout);
  if (exit !== 0) throw new Error(linesIn(stderr)[0] ?? `Windows PowerShell ended with ${exit}`);
  return lines;
}

function linesIn(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}
