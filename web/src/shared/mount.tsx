/**
 * Puts a page on the screen: theme, language, data, style nonce, and what is shown when the page breaks.
 *
 * Each page's main.tsx calls `mount` once with what it shows.
 */

import { createDOMRenderer, FluentProvider, RendererProvider } from '@fluentui/react-components';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import { FaultBoundary } from './fault-boundary.tsx';
import './page.css';
import { themeFor } from './theme.ts';
import { useWishes } from './wishes.ts';
import { LanguageProvider, startLanguage } from './words/language.tsx';

export function mount(page: ReactNode): void {
  const place = document.getElementById('page');
  if (place === null) throw new Error('The page has no element with the id "page"');
  createRoot(place).render(
    <StrictMode>
      <Surroundings nonce={nonceOf(document)}>{page}</Surroundings>
    </StrictMode>,
  );
}

export interface SurroundingsProps {
  /** Of the answer that brought the page; style elements carry it. */
  readonly nonce: string | undefined;
  readonly children: ReactNode;
}

/** Everything a page stands in; tests use it, too. */
export function Surroundings({ nonce, children }: SurroundingsProps) {
  const [renderer] = useState(() =>
    createDOMRenderer(document, nonce === undefined ? {} : { styleElementAttributes: { nonce } }),
  );
  const [queries] = useState(createQueries);
  const theme = themeFor(useWishes());
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <FluentProvider theme={theme} style={{ minHeight: '100vh', background: 'var(--coPaper)' }}>
        <LanguageProvider start={startLanguage()}>
          <FaultBoundary>
            <QueryClientProvider client={queries}>{children}</QueryClientProvider>
          </FaultBoundary>
        </LanguageProvider>
      </FluentProvider>
    </RendererProvider>
  );
}

/**
 * What is known does not flicker away: a failed reading keeps the last one, and nothing is asked again by itself at once.
 * It is kept for as long as the page is open, which is short; so no timer waits to throw it away.
 */
function createQueries(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: false, staleTime: 5_000, gcTime: Number.POSITIVE_INFINITY },
      // The answer to a change, which may hold a one-time password, is forgotten with what showed it.
      mutations: { gcTime: 0 },
    },
  });
}

/** Browsers hide a nonce from the attribute, not from the property. */
function nonceOf({ head }: Document): string | undefined {
  const nonce = head.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  return nonce === '' ? undefined : nonce;
}
