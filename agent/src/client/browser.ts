/**
 * Opens a page in the person's browser, without waiting for it and without leaving anything of it in our output.
 *
 * $BROWSER first (programs separated by colons, as other tools read it), then xdg-open when there is a desktop. On Windows
 * it is the person's default browser, as Windows itself finds it.
 */

import type { System } from '../system/system.ts';
import { systemProgram } from '../system/windows-names.ts';

/** Whether a browser was started. That the person sees it cannot be known: callers also print the link. */
export async function openBrowser(system: System, url: URL): Promise<boolean> {
  if (system.registry !== undefined) return openByWindows(system, url);
  for (const program of browsersOf(system.env)) {
    // The shell lets go of the browser at once; the address travels as an argument and is never read as shell text.
    const found = await system.run('sh', ['-c', 'command -v "$1" >/dev/null', 'sh', program], { readOnly: true });
    if (found.exit !== 0) continue;
    const started = await system.run('sh', ['-c', '"$@" </dev/null >/dev/null 2>&1 &', 'sh', program, url.href]);
    if (started.exit === 0) return true;
  }
  return false;
}

/** Hands the address to Windows, without a shell that would read it, and returns at once. */
async function openByWindows(system: System, url: URL): Promise<boolean> {
  const { exit } = await system.run(systemProgram(system, 'rundll32.exe'), ['url.dll,FileProtocolHandler', url.href]);
  return exit === 0;
}

function browsersOf(env: System['env']): string[] {
  const named = (env['BROWSER'] ?? '').split(':').filter((program) => program !== '');
  const desktop = (env['DISPLAY'] ?? '') !== '' || (env['WAYLAND_DISPLAY'] ?? '') !== '';
  return desktop ? [...named, 'xdg-open'] : named;
}
