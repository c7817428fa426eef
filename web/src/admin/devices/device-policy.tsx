/** What applies to a device, from which policy, and why not what others say. What nobody decided is left out. */

import type { Overruled } from '@carryover/model/policy-explain';
import type { DevicePolicy } from '@carryover/model/policy-preview';
import { becauseWords, memberTitle, originWords, valueWords } from '@carryover/model/policy-words';
import { makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { Graph } from '../../shared/graph.ts';
import { tokens } from '../../shared/theme.ts';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin-pages.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { Problem } from '../parts/problem.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0, display: 'grid', rowGap: tokens.spacingVerticalS },
  small: {
    margin: 0,
    color: tokens.colorNeutralForeground3,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: 'anywhere',
  },
});

export function DevicePolicyList({ graph, id }: { readonly graph: Graph; readonly id: string }) {
  const say = useWords();
  const page = usePageStyles();
  const styles = useStyles();
  const { language } = useLanguage();
  const found = useQuery({
    queryKey: ['devicePolicy', id],
    queryFn: ({ signal }) => graph.get<DevicePolicy>(`/beta/carryover/devices/${id}/policy`, { signal }),
  });
  const told = found.data?.explained.explanations.filter(({ decidedBy, others }) => decidedBy ?? others[0]) ?? [];
  return (
    <>
      <h3 className={page.heading}>{say('deviceList.policies')}</h3>
      {found.isPending ? <Waiting rows={2} /> : null}
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {found.isSuccess && told.length === 0 ? <p className={page.quiet}>{say('deviceList.noPolicy')}</p> : null}
      <ul className={styles.list}>
        {told.map(({ member, value, decidedBy, others }) => (
          <li key={member}>
            <strong>{memberTitle(member, language)}</strong>: {valueWords(member, value, language)}
            <p className={styles.small}>
              {decidedBy === undefined ? say('deviceList.byDefault') : originWords(decidedBy.origin, language)}
            </p>
            {others.map((other) => (
              <Other key={JSON.stringify(other)} member={member} other={other} groups={found.data?.groups ?? {}} />
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}

interface OtherProps {
  readonly member: string;
  readonly other: Overruled;
  readonly groups: DevicePolicy['groups'];
}

function Other({ member, other, groups }: OtherProps) {
  const say = useWords();
  const styles = useStyles();
  const { language } = useLanguage();
  const group = other.groupId === undefined ? undefined : groups[other.groupId];
  const because = becauseWords(other.because, language);
  return (
    <p className={styles.small}>
      {say('deviceList.notBy', {
        origin: originWords(other.origin, language),
        value: valueWords(member, other.value, language),
        because: group === undefined ? because : `${because}: ${group}`,
      })}
    </p>
  );
}
