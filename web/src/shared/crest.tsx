/** The organization's crest until it has one of its own: our shield with two waves. Decoration; the name stands beside it. */

import { tokens } from './theme.ts';

export function Crest({ size = 28 }: { readonly size?: number }) {
  return (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" focusable="false">
      <path fill={tokens.coInk} d="M3 3h18v10.2c0 4.1-3.4 6.6-9 8.3-5.6-1.7-9-4.2-9-8.3z" />
      <path
        fill="none"
        stroke={tokens.coTint}
        strokeWidth="1.8"
        strokeLinecap="round"
        d="M7 9.2c1.7-1.5 3.3-1.5 5 0s3.3 1.5 5 0M7 13.2c1.7-1.5 3.3-1.5 5 0s3.3 1.5 5 0"
      />
    </svg>
  );
}
