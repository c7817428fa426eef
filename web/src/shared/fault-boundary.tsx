/** What a person sees when a page breaks: what is safe, what to do, and the details for whoever can mend it. */

import { Button, makeStyles } from '@fluentui/react-components';
import { Component, type ReactNode } from 'react';
import { FaultDetails } from './fault-details.tsx';
import { PageHead } from './page-head.tsx';
import { tokens } from './theme.ts';
import { useWords } from './words/shared.ts';

interface State {
  readonly error?: Error;
}

/** Shows `children`, and in their place the fault once they broke. */
export class FaultBoundary extends Component<{ readonly children: ReactNode }, State> {
  override readonly state: State = {};

  static getDerivedStateFromError(error: unknown): State {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }

  override render() {
    const { error } = this.state;
    return error === undefined ? this.props.children : <Fault error={error} />;
  }
}

const useStyles = makeStyles({
  page: { maxWidth: '640px', marginInline: 'auto', padding: tokens.spacingVerticalXXXL },
});

function Fault({ error }: { readonly error: Error }) {
  const say = useWords();
  const styles = useStyles();
  return (
    <main className={styles.page}>
      <PageHead size="settings" title={say('fault.title')} lead={say('fault.safe')} />
      <p>{say('fault.do')}</p>
      <Button appearance="primary" onClick={() => window.location.reload()}>
        {say('fault.reload')}
      </Button>
      <FaultDetails code="pageBroken" message={error.message} at={new Date().toISOString()} />
    </main>
  );
}
