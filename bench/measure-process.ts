/**
 * What a command costs: processor time and memory, all its children counted.
 *
 * Node tells a child's usage nowhere, so the kernel is asked from between: a few lines of Perl (in every Debian) start the
 * command, wait, and call getrusage for "children", which is the command and all that it waited for. That gives exact
 * processor time, but only the memory of the largest single process; therefore the whole tree is added up every few
 * milliseconds too, and the larger of the two counts. Pages that processes share are counted once for each of them.
 * Not counted: a service that somebody else starts on request, such as one on the message bus.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface ProcessCost {
  readonly exit: number;
  readonly seconds: number;
  /** User and system. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface MeasureOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
}

const SAMPLE_EVERY_MS = 4;
const PAGE_BYTES = 4096;

/** Numbers of the getrusage system call. Source: Linux, asm/unistd.h of each architecture. */
const GETRUSAGE: Readonly<Record<string, number>> = { x64: 98, arm64: 165 };

/** Writes "exit cpuMicroseconds peakKiB" on descriptor 3, then ends. Source: getrusage(2); -1 is RUSAGE_CHILDREN. */
const WRAPPER = `
use strict; my $call = shift @ARGV;
my $pid = fork() // die "fork: $!";
if ($pid == 0) { require POSIX; POSIX::close(3); exec { $ARGV[0] } @ARGV; print STDERR "$ARGV[0]: $!\\n"; POSIX::_exit(127); }
waitpid($pid, 0); my $status = $?; my $usage = "\\0" x 144;
syscall($call, -1, $usage) == 0 or die "getrusage: $!";
my ($us, $uus, $ss, $sus, $kib) = unpack("q5", $usage);
open(my $report, ">&=", 3) or die "report: $!";
printf $report "%d %d %d", ($status & 127) ? 128 + ($status & 127) : $status >> 8, ($us + $ss) * 1e6 + $uus + $sus, $kib;
`;

/** Runs `command` to its end. Errors: Error when it, or Perl, cannot be started. */
export async function measureProcess(
  command: string,
  args: readonly string[],
  { env = process.env, cwd = process.cwd() }: MeasureOptions = {},
): Promise<ProcessCost> {
  const call = GETRUSAGE[process.arch];
  if (call === undefined) throw new Error(`The number of getrusage is not known for ${process.arch}`);
  const startedAtMs = performance.now();
  const wrapper = spawn('perl', ['-e', WRAPPER, String(call), command, ...args], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const failed = once(wrapper, 'error').then(([error]) => Promise.reject(error));
  const [, out, err, report] = wrapper.stdio;
  if (!out || !err || !(report instanceof Readable)) throw new Error('Perl was started without its pipes');

  let sampledBytes = 0;
  const sampling = setInterval(() => {
    sampledBytes = Math.max(sampledBytes, bytesUnder(wrapper.pid ?? 0));
  }, SAMPLE_EVERY_MS);
  try {
    const [stdout, stderr, line] = await Promise.race([
      Promise.all([text(out), text(err), text(report), once(wrapper, 'close')]),
      failed,
    ]);
    const seconds = (performance.now() - startedAtMs) / 1000;
    const [exit, cpuMicroseconds, peakKib] = line.split(' ').map(Number);
    if (exit === undefined || cpuMicroseconds === undefined || peakKib === undefined) {
      throw new Error(`No usage was reported for ${command}: ${stderr}`);
    }
    const peakBytes = Math.max(sampledBytes, peakKib * 1024);
    return { exit, seconds, cpuSeconds: cpuMicroseconds / 1e6, peakBytes, stdout, stderr };
  } finally {
    clearInterval(sampling);
  }
}

/** Resident memory of everything below `pid`, itself not counted. */
function bytesUnder(pid: number): number {
  return childrenOf(pid).reduce((sum, child) => sum + residentBytes(child) + bytesUnder(child), 0);
}

/** Children of every thread: Node starts its own from the main one, others may not. */
function childrenOf(pid: number): number[] {
  return read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

function residentBytes(pid: number): number {
  return Number(read(`/proc/${pid}/statm`).split(' ')[1] ?? 0) * PAGE_BYTES;
}

/** Empty for a process that just ended. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
