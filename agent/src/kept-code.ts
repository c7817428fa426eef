/**
 * A program of one file, with the code that V8 compiled of it in an earlier run.
 *
 * Node's own cache keeps what is compiled while a file is loaded, and no function that is called later: a short run would
 * spend a good part of its time compiling the same functions again.
 *
 * Source: Node.js, vm.Script (cachedData); docs/decisions/2026-11-26-the-agent-as-one-file.md.
 */

// An import would also load what streams need; see system/real.ts.
const { closeSync, fsyncSync, openSync, readFileSync, renameSync, unlinkSync, writeFileSync } =
  process.getBuiltinModule('node:fs');
const { Script } = process.getBuiltinModule('node:vm');

type CommonJs = (
  exports: object,
  require: NodeJS.Require,
  module: { exports: object },
  filename: string,
  dirname: string,
) => void;

export interface KeptProgram {
  /** Absolute path of a function expression with the parameters of CommonJS; its name must tell its content. */
  readonly file: string;
  /** Where the code is kept: of `file` and of no other, since V8 compares no more of a source than its length. */
  readonly codeFile: string;
  readonly require: NodeJS.Require;
}

/**
 * What the program exports. Without code that fits, what this run compiles is kept when it ends well; where that is not
 * possible, the next run compiles again. Errors: the system's own when there is no such program.
 */
export function exportsOf({ file, codeFile, require }: KeptProgram): object {
  const source = readFileSync(file, 'utf8');
  const cachedData = codeIn(codeFile);
  const script = new Script(source, { filename: file, ...(cachedData === undefined ? {} : { cachedData }) });
  if (cachedData === undefined || script.cachedDataRejected === true)
    process.once('exit', (exit) => {
      if (exit === 0) keep(codeFile, () => script.createCachedData());
    });
  const module = { exports: {} };
  const run: CommonJs = script.runInThisContext();
  run(module.exports, require, module, file, file.slice(0, file.lastIndexOf('/')));
  return module.exports;
}

/**
 * V8 looks at lengths and versions only, and what is damaged in between ends the process or worse. So the code is kept
 * twice, and is only good when both are the same: what makes a checksum would take longer to load than this takes.
 */
function codeIn(file: string): Buffer | undefined {
  try {
    const both = readFileSync(file);
    const code = both.subarray(0, both.length / 2);
    return code.equals(both.subarray(code.length)) ? code : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whole, on disk, and under its name last: half of it would be taken for code. Made only where it can be kept, because
 * making it takes longer than it saves.
 */
function keep(file: string, made: () => Uint8Array): void {
  const beside = `${file}.${process.pid}`;
  try {
    const descriptor = openSync(beside, 'wx', 0o644);
    try {
      const code = made();
      for (const copy of [code, code]) writeFileSync(descriptor, copy);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, file);
  } catch {
    removed(beside);
  }
}

function removed(file: string): void {
  try {
    unlinkSync(file);
  } catch {
    // It was never made.
  }
}
