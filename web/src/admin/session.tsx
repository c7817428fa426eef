/**
 * Who is signed in to the admin center, what they may do, and Graph with their token. For everything inside the shell.
 *
 * Roles are shown, not enforced here: the service refuses what a role does not allow.
 */

import type { PersonName, SignInPlace } from '@carryover/model/admin';
import { createContext, type ReactNode, useContext } from 'react';
import type { Graph } from '../shared/graph.ts';

export interface Session {
  readonly person: PersonName;
  /** Display names of directory roles, e.g. "Intune Administrator". */
  readonly roles: readonly string[];
  readonly place: SignInPlace;
  readonly graph: Graph;
  readonly signOut: () => void;
  /** The sign-in ended while the page was open: what is seen stays, nothing can be asked any more. */
  readonly over?: boolean;
}

const SessionContext = createContext<Session | undefined>(undefined);

export function SessionProvider({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  return <SessionContext value={session}>{children}</SessionContext>;
}

/** Errors: Error outside of a SessionProvider. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === undefined) throw new Error('useSession needs a SessionProvider around it');
  return session;
}

export function useGraph(): Graph {
  return useSession().graph;
}

/** Whether one of these roles is held; an empty list asks for none. */
export function holdsOneOf(held: readonly string[], roles: readonly string[]): boolean {
  return roles.length === 0 || roles.some((role) => held.includes(role));
}
