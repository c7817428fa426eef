/** docs/reference/errors.md: every error code, with what it means over HTTP and at the command line. */

import { ERRORS } from '../../model/src/errors.ts';
import { code, page, table } from './markdown.ts';

export function errorsPage(): string {
  const rows = Object.entries(ERRORS).map(([name, { status, exit }]) => [code(name), String(status), String(exit)]);
  return page('Errors', 'model/src/errors.ts', [
    'The service answers with the status, the command line ends with the exit code. Exit 0 is success; exit 1 is a fault ' +
      'nobody foresaw, which the service answers as 500 `generalException` with a request id.',
    table(['code', 'HTTP status', 'exit code'], rows),
  ]);
}
