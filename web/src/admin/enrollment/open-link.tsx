/** A link that is opened in this page, and elsewhere when that is asked for, as browsers do. */

import { Link } from '@fluentui/react-components';
import type { ReactNode } from 'react';

export interface OpenLinkProps {
  readonly href: string;
  readonly onOpen: () => void;
  readonly children: ReactNode;
}

export function OpenLink({ href, onOpen, children }: OpenLinkProps) {
  return (
    <Link
      href={href}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onOpen();
      }}
    >
      {children}
    </Link>
  );
}
