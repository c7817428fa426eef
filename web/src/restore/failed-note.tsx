/** Why a check failed and what to do; apart, because most people never need the reasons' texts. */

import type { LocalFault } from '@carryover/model/local-pages';
import { faultSentence } from './obstacle.ts';
import { useHere } from './use-here.ts';

export function FailedNote({ fault }: { readonly fault: LocalFault }) {
  return <span role="alert">{faultSentence(fault, useHere())}</span>;
}
