/**
 * What stands around every page of the admin center: the bar, the navigation, the place of the page.
 *
 * The navigation is wide, under 1200 px its icons alone, under 860 px behind a button of the bar.
 */

import { Button, makeStyles, mergeClasses } from '@fluentui/react-components';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { PageHead } from '../../shared/page-head.tsx';
import { Reason } from '../../shared/reason.tsx';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin.ts';
import { useSession } from '../session.tsx';
import { Bar } from './bar.tsx';
import { Navigation } from './navigation.tsx';

const NAVIGATION_ID = 'navigation';
const CONTENT_ID = 'content';

const useStyles = makeStyles({
  shell: {
    display: 'grid',
    gridTemplateColumns: '232px minmax(0, 1fr)',
    gridTemplateRows: 'minmax(48px, auto) minmax(0, 1fr)',
    minHeight: '100vh',
    '@media (max-width: 1200px)': { gridTemplateColumns: '48px minmax(0, 1fr)' },
    '@media (max-width: 860px)': { gridTemplateColumns: 'minmax(0, 1fr)', gridTemplateRows: 'auto auto 1fr' },
  },
  bar: { gridColumn: '1 / -1' },
  closed: { '@media (max-width: 860px)': { display: 'none' } },
  content: {
    padding: '20px 28px',
    minWidth: 0,
    '@media (max-width: 860px)': { padding: tokens.spacingVerticalL },
  },
  skip: {
    position: 'absolute',
    insetInlineStart: tokens.spacingHorizontalS,
    top: '-100px',
    zIndex: 1,
    padding: tokens.spacingVerticalS,
    color: tokens.coInk,
    backgroundColor: tokens.colorNeutralBackground1,
    ':focus': { top: tokens.spacingVerticalS },
  },
  over: { marginBlockEnd: tokens.spacingVerticalL },
});

export function Shell() {
  const say = useWords();
  const styles = useStyles();
  const { over = false } = useSession();
  const [open, setOpen] = useState(false);
  const path = useRouterState({ select: ({ location }) => location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page closes the navigation that led to it
  useEffect(() => setOpen(false), [path]);
  return (
    <div className={styles.shell}>
      <a href={`#${CONTENT_ID}`} className={styles.skip}>
        {say('admin.skipToContent')}
      </a>
      <div className={styles.bar}>
        <Bar navigationId={NAVIGATION_ID} open={open} onToggle={() => setOpen(!open)} />
      </div>
      <div id={NAVIGATION_ID} className={mergeClasses(!open && styles.closed)}>
        <Navigation />
      </div>
      <main id={CONTENT_ID} tabIndex={-1} className={styles.content} style={{ outline: 'none' }}>
        {over ? (
          <div role="alert" className={styles.over}>
            <Reason
              cause={say('signIn.over')}
              actions={<Button onClick={() => window.location.reload()}>{say('signIn.again')}</Button>}
            >
              {say('signIn.overLead')}
            </Reason>
          </div>
        ) : null}
        <Outlet />
      </main>
    </div>
  );
}

export function NothingHere() {
  const say = useWords();
  return <PageHead size="admin" title={say('admin.nothingHere')} lead={say('admin.nothingHereLead')} />;
}
