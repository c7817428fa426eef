/** What IT needs to look into a fault: code, request, time. Behind "Details", with a button that copies it all. */

import { makeStyles } from '@fluentui/react-components';
import { CopyText } from './copy-text.tsx';
import { type Fact, FactList } from './fact-list.tsx';
import { tokens } from './theme.ts';
import { useWords } from './words/shared.ts';

const useStyles = makeStyles({
  details: { marginBlockStart: tokens.spacingVerticalM, fontSize: tokens.fontSizeBase300 },
  content: {
    display: 'grid',
    justifyItems: 'start',
    rowGap: tokens.spacingVerticalS,
    paddingBlock: tokens.spacingVerticalS,
  },
});

export interface FaultDetailsProps {
  readonly code: string;
  readonly inner?: string | undefined;
  readonly requestId?: string | undefined;
  readonly at?: string | undefined;
  readonly message?: string | undefined;
  /** Open from the start, where the page has nothing else to show. */
  readonly open?: boolean;
  /** What the button is called, e.g. "Copy details for IT". */
  readonly copyLabel?: string;
}

export function FaultDetails({ open = false, copyLabel, ...fault }: FaultDetailsProps) {
  const say = useWords();
  const styles = useStyles();
  const names = ['code', 'inner', 'requestId', 'at', 'message'] as const;
  const facts = names.flatMap((name) => {
    const value = fault[name];
    return value === undefined ? [] : [{ name: say(`fault.${name}`), value }];
  });
  return (
    <details open={open} className={styles.details}>
      <summary>{say('common.details')}</summary>
      <div className={styles.content}>
        <FactList facts={facts satisfies readonly Fact[]} />
        <CopyText
          hidden
          text={facts.map(({ name, value }) => `${name}: ${value}`).join('\n')}
          {...(copyLabel === undefined ? {} : { label: copyLabel })}
        />
      </div>
    </details>
  );
}
