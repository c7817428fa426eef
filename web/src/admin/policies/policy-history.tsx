/** Who changed a policy document when, and what of it became another: from the audit log. */

import type { AssignmentTarget } from '@carryover/model/assignment';
import { type SettingInstance, settingsFromCatalog } from '@carryover/model/policy-catalog';
import { type PolicyValue, policyByName } from '@carryover/model/policy-definitions';
import { makeStyles } from '@fluentui/react-components';
import { useQuery } from '@tanstack/react-query';
import type { Graph } from '../../shared/graph.ts';
import { tokens } from '../../shared/theme.ts';
import { Waiting } from '../../shared/waiting.tsx';
import { fullTime } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin-policies.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { Problem } from '../parts/problem.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { same } from './draft.ts';
import { settingWords } from './part-words.tsx';
import type { DocumentKind } from './policy-documents.ts';

const useStyles = makeStyles({
  list: { listStyleType: 'none', margin: 0, padding: 0 },
  event: { paddingBlock: tokens.spacingVerticalS, borderTop: `1px solid ${tokens.colorNeutralStroke2}` },
  small: { margin: 0, color: tokens.colorNeutralForeground3, fontSize: tokens.fontSizeBase200 },
});

const TYPES: Readonly<Record<DocumentKind, string>> = { catalog: 'configurationPolicy', custom: 'deviceConfiguration' };

interface AuditEvent {
  readonly id: string;
  readonly activity: string;
  readonly activityDateTime: string;
  readonly actor: { readonly userId: string | null };
  readonly resources: readonly {
    readonly modifiedProperties: readonly Modified[];
  }[];
}

interface Modified {
  readonly displayName: string;
  readonly oldValue: string | null;
  readonly newValue: string | null;
}

export interface PolicyHistoryProps {
  readonly graph: Graph;
  readonly kind: DocumentKind;
  readonly id: string;
  /** Of the document as it is: another one has more history. */
  readonly etag: string | undefined;
  /** Of its heading, which takes the focus when it is led to. */
  readonly headingId: string;
}

export function PolicyHistory({ graph, kind, id, etag, headingId }: PolicyHistoryProps) {
  const say = useWords();
  const page = usePageStyles();
  const styles = useStyles();
  const { language } = useLanguage();
  const $filter = `resourceType eq '${TYPES[kind]}' and resourceId eq '${id}'`;
  const found = useQuery({
    queryKey: ['policyHistory', id, etag],
    queryFn: ({ signal }) =>
      graph.page<AuditEvent>('/v1.0/deviceManagement/auditEvents', { query: { $filter }, signal }),
  });
  const events = found.data?.value ?? [];
  return (
    <section aria-labelledby={headingId} className={page.card}>
      <h2 id={headingId} tabIndex={-1} className={page.heading}>
        {say('policyHistory.title')}
      </h2>
      {found.isPending ? <Waiting rows={2} /> : null}
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      <ul className={styles.list}>
        {events.map((event) => (
          <li key={event.id} className={styles.event}>
            <strong>{fullTime(event.activityDateTime, { language })}</strong>{' '}
            {event.actor.userId === null ? null : <Actor graph={graph} id={event.actor.userId} />}
            {event.resources
              .flatMap(({ modifiedProperties }) => modifiedProperties)
              .map((modified) => (
                <Change key={modified.displayName} modified={modified} />
              ))}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Actor({ graph, id }: { readonly graph: Graph; readonly id: string }) {
  const { data } = useQuery({
    queryKey: ['personName', id],
    queryFn: ({ signal }) => graph.get<{ displayName: string }>(`/v1.0/users/${id}`, { signal }),
  });
  return data?.displayName ?? null;
}

function Change({ modified }: { readonly modified: Modified }) {
  const say = useWords();
  const styles = useStyles();
  const { language } = useLanguage();
  const [before, after] = [read(modified.oldValue), read(modified.newValue)];
  if (modified.displayName === 'assignments')
    return (
      <p className={styles.small}>
        {say('policyHistory.assigned', { n: ((after ?? []) as readonly AssignmentTarget[]).length })}
      </p>
    );
  const [was, is] = [valuesOf(before), valuesOf(after)];
  const changed = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter((name) => !same(was[name], is[name]));
  return changed.map((name) => {
    const definition = policyByName(name);
    return definition === undefined ? null : (
      <p key={name} className={styles.small}>
        {say('policyEditor.becomes', {
          what: definition.title[language],
          to: settingWords(is[name], say),
          from: settingWords(was[name], say),
        })}
      </p>
    );
  });
}

function read(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
}

/** What a settings catalog document says; nothing for a custom one, whose values are told by the document. */
function valuesOf(body: unknown): Readonly<Record<string, PolicyValue>> {
  const { settings = [] } = (body ?? {}) as { settings?: readonly { settingInstance: SettingInstance }[] };
  const { settings: known } = settingsFromCatalog(settings.map(({ settingInstance }) => settingInstance));
  return Object.fromEntries(known.map(({ policy, value }) => [policy, value]));
}
