/**
 * A stand-in for winget, in tests only: the words and exit codes that its documentation gives, on a made-up PC.
 *
 * What it cannot show is what the real one does with real installers and the Store; docs/requirements.md says so.
 */

export interface StandInApp {
  readonly id: string;
  readonly source: string;
  readonly name: string;
  /** Exit codes of the first attempts to install it; after them it is installed. */
  readonly answers?: readonly number[];
  /** Milliseconds that an attempt to install it takes where a program answers; at once when undefined. */
  readonly takesMs?: number;
  /** Installed, and no source knows it. */
  readonly unknown?: boolean;
}

export interface StandInPc {
  readonly offered: readonly StandInApp[];
  /** Ids. */
  readonly installed: string[];
  /** Attempts to install, by id. */
  readonly attempts: Record<string, number>;
}

export interface StandInAnswer {
  readonly exit: number;
  readonly stdout: string;
  /** What `export` writes. */
  readonly file?: { readonly path: string; readonly content: string };
}

const BAD_ARGUMENTS = 0x8a150002;
const NOTHING_FOUND = 0x8a150014;

const VALUED = ['--output', '--id', '--source'];
const FLAGS = [
  '--exact',
  '--silent',
  '--accept-package-agreements',
  '--accept-source-agreements',
  '--disable-interactivity',
];

/** Answers one call and changes `pc` as it would. */
export function standInWinget(args: readonly string[], pc: StandInPc): StandInAnswer {
  const [command = '', ...words] = args;
  const options = new Map<string, string>();
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const value = words[at + 1];
    if (VALUED.includes(word) && value !== undefined) {
      options.set(word, value);
      at += 1;
    } else if (FLAGS.includes(word)) options.set(word, '');
    else
      return { exit: BAD_ARGUMENTS, stdout: `Argument name was not recognized for the current command: '${word}'\n` };
  }
  // Without this it asks a question first, which nobody answers.
  if (!options.has('--accept-source-agreements')) return { exit: 0x8a150046, stdout: '' };
  switch (command) {
    case 'export':
      return exportOf(pc, options.get('--output') ?? '');
    case 'list':
      return listOf(pc, options);
    case 'install':
      return install(pc, options);
    default:
      return { exit: BAD_ARGUMENTS, stdout: `Unrecognized command: '${command}'\n` };
  }
}

function installedApps(pc: StandInPc): StandInApp[] {
  return pc.offered.filter(({ id }) => pc.installed.includes(id));
}

function exportOf(pc: StandInPc, path: string): StandInAnswer {
  const known = installedApps(pc).filter(({ unknown }) => unknown !== true);
  const sources = [...Map.groupBy(known, ({ source }) => source)].map(([name, apps]) => ({
    Packages: apps.map(({ id }) => ({ PackageIdentifier: id })),
    SourceDetails: { Argument: `https://example.org/${name}`, Identifier: name, Name: name, Type: 'Microsoft.Rest' },
  }));
  const content = JSON.stringify({
    $schema: 'https://aka.ms/winget-packages.schema.2.0.json',
    CreationDate: '2026-11-26T00:00:00.000-00:00',
    Sources: sources,
    WinGetVersion: '1.12.0',
  });
  const unknown = installedApps(pc).filter((app) => app.unknown === true);
  const stdout = unknown.map(({ name }) => `Installed package is not available from any source: ${name}\n`).join('');
  return { exit: 0, stdout, file: { path, content } };
}

function listOf(pc: StandInPc, options: ReadonlyMap<string, string>): StandInAnswer {
  const [id, source] = [options.get('--id'), options.get('--source')];
  const found = installedApps(pc).filter(
    (app) => (id === undefined || app.id === id) && (source === undefined || app.source === source),
  );
  if (found.length === 0)
    return { exit: NOTHING_FOUND, stdout: 'No installed package found matching input criteria.\n' };
  // A progress sign comes first, and names are cut to the width of a column.
  const rows = found.map(({ name, id: own, source: from }) => `${cut(name, 26)} ${cut(own, 32)} 1.0 ${from}`);
  const head = `${'Name'.padEnd(26)} ${'Id'.padEnd(32)} Version Source`;
  return { exit: 0, stdout: `\r   - \r${head}\r\n${'-'.repeat(head.length)}\r\n${rows.join('\r\n')}\r\n` };
}

function cut(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, width - 1)}…` : text.padEnd(width);
}

function install(pc: StandInPc, options: ReadonlyMap<string, string>): StandInAnswer {
  const app = pc.offered.find(({ id, source }) => id === options.get('--id') && source === options.get('--source'));
  if (app === undefined || app.unknown === true)
    return { exit: NOTHING_FOUND, stdout: 'No package found matching input criteria.\n' };
  if (!options.has('--accept-package-agreements')) return { exit: 0x8a150041, stdout: '' };
  if (pc.installed.includes(app.id)) return { exit: 0x8a15002b, stdout: 'No available upgrade found.\n' };
  const attempt = pc.attempts[app.id] ?? 0;
  pc.attempts[app.id] = attempt + 1;
  const answer = app.answers?.[attempt] ?? 0;
  if (answer === 0 || answer === 0x8a150109) pc.installed.push(app.id);
  return { exit: answer, stdout: answer === 0 ? 'Successfully installed\n' : `Installer failed: ${answer}\n` };
}
