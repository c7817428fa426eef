/**
 * Puts a page on the screen: theme, language, style nonce, and what is shown when the page breaks.
 *
 * Each page's main.tsx calls `mount` once with what it shows.
 */

import { createDOMRenderer, FluentProvider, RendererProvider } from '@fluentui/react-components';
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
  const theme = themeFor(useWishes());
  return (
    <RendererProvider renderer={renderer} targetDocument={document}>
      <FluentProvider
        theme={theme}
        dir={directionOf(document)}
        style={{ minHeight: '100vh', background: 'var(--coPaper)' }}
      >
        <LanguageProvider start={startLanguage()}>
          <FaultBoundary>{children}</FaultBoundary>
        </LanguageProvider>
      </FluentProvider>
    </RendererProvider>
  );
}

/** As the page itself says it, once for all: menus and dialogs open to the side that this names. */
function directionOf({ dir }: Document): 'ltr' | 'rtl' {
  return dir === 'rtl' ? 'rtl' : 'ltr';
}

/** Browsers hide a nonce from the attribute, not from the property. */
function nonceOf({ head }: Document): string | undefined {
  const nonce = head.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
  return nonce === '' ? undefined : nonce;
}
