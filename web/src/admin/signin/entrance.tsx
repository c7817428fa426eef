/** What is seen before somebody is signed in: wait, sign in, say which organization, or set one up. One card, one question. */

import type { SignInPlace } from '@carryover/model/admin';
import { Button, Field, Input, makeStyles } from '@fluentui/react-components';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Crest } from '../../shared/crest.tsx';
import { PageHead } from '../../shared/page-head.tsx';
import { tokens } from '../../shared/theme.ts';
import { Waiting } from '../../shared/waiting.tsx';
import { useWords } from '../../shared/words/admin.ts';
import { Trouble } from '../shell/trouble.tsx';
import { domainOf, findPlace, leaveFor, rememberDomain, rememberedDomain } from './opening.ts';

const useStyles = makeStyles({
  page: {
    minHeight: '100vh',
    display: 'grid',
    placeContent: 'center',
    padding: tokens.spacingVerticalL,
    gridTemplateColumns: 'minmax(0, 468px)',
  },
  card: {
    display: 'grid',
    rowGap: tokens.spacingVerticalL,
    padding: '36px 40px 32px',
    borderRadius: '12px',
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    boxShadow: tokens.shadow16,
    '@media (max-width: 860px)': { padding: tokens.spacingVerticalXXL },
  },
  brand: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalS,
    fontWeight: tokens.fontWeightSemibold,
  },
  form: { display: 'grid', rowGap: tokens.spacingVerticalL, justifyItems: 'start' },
  field: { width: '100%' },
  actions: { display: 'flex', flexWrap: 'wrap', gap: tokens.spacingHorizontalS },
  organization: { margin: 0, color: tokens.colorNeutralForeground2 },
});

function Card({ children }: { readonly children: ReactNode }) {
  const say = useWords();
  const styles = useStyles();
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <span className={styles.brand}>
          <Crest />
          {say('admin.title')}
        </span>
        {children}
      </div>
    </main>
  );
}

export function Opening() {
  const say = useWords();
  return (
    <Card>
      <Waiting label={say('signIn.checking')} />
    </Card>
  );
}

export function OpeningFailed({ error, onAgain }: { readonly error: Error; readonly onAgain: () => void }) {
  const say = useWords();
  return (
    <Card>
      <PageHead size="admin" title={say('signIn.failed')} />
      <Trouble error={error} onAgain={onAgain} />
    </Card>
  );
}

export interface SignInProps {
  readonly place: SignInPlace;
  readonly returnTo: string;
}

export function SignIn({ place, returnTo }: SignInProps) {
  const say = useWords();
  const styles = useStyles();
  const [other, setOther] = useState(false);
  const leaving = useMutation({ mutationFn: () => leaveFor(place, { returnTo, silent: false }) });
  if (other) return <WhichOrganization returnTo={returnTo} />;
  return (
    <Card>
      <PageHead size="admin" title={say('signIn.title')} lead={say('signIn.lead')} />
      <p className={styles.organization}>{say('signIn.into', { org: place.displayName })}</p>
      <div className={styles.actions}>
        <Button appearance="primary" size="large" disabled={leaving.isPending} onClick={() => leaving.mutate()}>
          {say('signIn.button')}
        </Button>
        {rememberedDomain() === undefined ? null : (
          <Button appearance="subtle" size="large" onClick={() => setOther(true)}>
            {say('signIn.other')}
          </Button>
        )}
      </div>
      {leaving.error === null ? null : <Trouble error={leaving.error} />}
    </Card>
  );
}

/** Several organizations are here: the domain of a user name tells which. */
export function WhichOrganization({ returnTo }: { readonly returnTo: string }) {
  const say = useWords();
  const styles = useStyles();
  const [userName, setUserName] = useState('');
  const [fault, setFault] = useState<string>();
  const finding = useMutation({
    mutationFn: async (domain: string) => {
      const found = await findPlace(domain);
      if (found.kind !== 'place') return setFault(say('signIn.unknown'));
      rememberDomain(domain);
      await leaveFor(found.place, { returnTo, silent: false });
    },
  });
  const submit = () => {
    const domain = domainOf(userName);
    setFault(domain === undefined ? say('signIn.needsAt') : undefined);
    if (domain !== undefined) finding.mutate(domain);
  };
  return (
    <Card>
      <PageHead size="admin" title={say('signIn.title')} />
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          className={styles.field}
          label={say('signIn.userName')}
          hint={say('signIn.userNameHint')}
          {...(fault === undefined ? {} : { validationMessage: fault, validationState: 'error' as const })}
        >
          <Input
            size="large"
            type="text"
            autoComplete="username"
            value={userName}
            onChange={(_, { value }) => setUserName(value)}
          />
        </Field>
        <Button appearance="primary" size="large" type="submit" disabled={finding.isPending}>
          {say('signIn.next')}
        </Button>
      </form>
      {finding.error === null ? null : <Trouble error={finding.error} />}
    </Card>
  );
}

export function NoOrganization() {
  const say = useWords();
  return (
    <Card>
      <PageHead size="admin" title={say('signIn.noOrganization')} lead={say('signIn.noOrganizationLead')} />
      <div>
        <Button as="a" href="/admin/setup" appearance="primary" size="large">
          {say('signIn.setUp')}
        </Button>
      </div>
    </Card>
  );
}
