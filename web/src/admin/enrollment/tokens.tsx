/** Enrollment tokens that still work: make one, whose command is shown this once, and take one back. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type RefObject, useId, useRef, useState } from 'react';
import type { Graph } from '../../shared/graph.ts';
import { Waiting } from '../../shared/waiting.tsx';
import { fullTime } from '../../shared/when.ts';
import { useWords } from '../../shared/words/admin-pages.ts';
import { useLanguage } from '../../shared/words/language.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Problem } from '../parts/problem.tsx';
import { Question } from '../parts/question.tsx';
import { useMay } from '../parts/roles.ts';
import { TaskButton } from '../parts/task-button.tsx';
import { usePageStyles } from '../parts/use-page-styles.ts';
import { CreateToken } from './create-token.tsx';
import { type EnrollmentToken, listTokens, revokeToken } from './enrollment-data.ts';

export function Tokens({ graph }: { readonly graph: Graph }) {
  const say = useWords();
  const styles = usePageStyles();
  const id = useId();
  const may = useMay(graph)('devices');
  const heading = useRef<HTMLHeadingElement>(null);
  const [open, setOpen] = useState<'create' | EnrollmentToken>();
  const close = () => setOpen(undefined);
  const found = useQuery({ queryKey: ['tokens'], queryFn: ({ signal }) => listTokens(graph, signal) });
  const tokens = found.data ?? [];
  return (
    <section aria-labelledby={id} className={styles.card}>
      <h2 ref={heading} id={id} tabIndex={-1} className={styles.heading}>
        {say('tokens.title')}
      </h2>
      <p className={styles.quiet}>{say('tokens.lead')}</p>
      <div>
        <TaskButton task="devices" may={may} onClick={() => setOpen('create')}>
          {say('tokens.create')}
        </TaskButton>
      </div>
      {found.isPending ? <Waiting rows={3} /> : null}
      {found.error === null ? null : <Problem error={found.error} onAgain={() => void found.refetch()} />}
      {found.isSuccess && tokens.length === 0 ? <p className={styles.plain}>{say('tokens.none')}</p> : null}
      {tokens.length === 0 ? null : <TokenTable tokens={tokens} may={may} onRevoke={setOpen} />}
      {open === 'create' ? <CreateToken graph={graph} onClose={close} /> : null}
      {typeof open === 'object' ? <RevokeToken graph={graph} token={open} heading={heading} onClose={close} /> : null}
    </section>
  );
}

interface TokenTableProps {
  readonly tokens: readonly EnrollmentToken[];
  readonly may: boolean;
  readonly onRevoke: (token: EnrollmentToken) => void;
}

function TokenTable({ tokens, may, onRevoke }: TokenTableProps) {
  const say = useWords();
  const { language } = useLanguage();
  return (
    <ListTable
      label={say('tokens.title')}
      columns={[
        say('tokens.token'),
        say('tokens.left'),
        say('tokens.until'),
        say('tokens.createdBy'),
        say('personList.actions'),
      ]}
      rows={tokens.map((token) => ({
        key: token.id,
        cells: [
          <bdi key="id">{shortId(token)}</bdi>,
          token.uses,
          fullTime(token.expirationDateTime, { language }),
          fullTime(token.createdDateTime, { language }),
          <TaskButton
            key="revoke"
            task="devices"
            may={may}
            small
            quiet
            label={say('tokens.revokeWhich', { id: shortId(token) })}
            onClick={() => onRevoke(token)}
          >
            {say('tokens.revoke')}
          </TaskButton>,
        ],
      }))}
    />
  );
}

interface RevokeTokenProps {
  readonly graph: Graph;
  readonly token: EnrollmentToken;
  /** Of the tokens; the button that opened this goes with its token. */
  readonly heading: RefObject<HTMLElement | null>;
  readonly onClose: () => void;
}

function RevokeToken({ graph, token, heading, onClose }: RevokeTokenProps) {
  const say = useWords();
  const queries = useQueryClient();
  const revoking = useMutation({
    mutationFn: () => revokeToken(graph, token.id),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['tokens'] });
      onClose();
    },
  });
  return (
    <Question
      title={say('tokens.revokeWhich', { id: shortId(token) })}
      doIt={say('tokens.revoke')}
      deed={revoking}
      onClose={onClose}
      elseFocus={heading}
    >
      <span>{say('tokens.revokeWhat')}</span>
    </Question>
  );
}

/** Enough of an id to tell tokens of one organization apart. */
function shortId({ id }: EnrollmentToken): string {
  return id.slice(0, 8);
}
