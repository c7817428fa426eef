/** The bar: whose admin center this is, and who is signed in, with their roles, the language and the way out. */

import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
} from '@fluentui/react-components';
import { NavigationRegular } from '@fluentui/react-icons/svg/navigation';
import { PersonCircleRegular } from '@fluentui/react-icons/svg/person-circle';
import { SignOutRegular } from '@fluentui/react-icons/svg/sign-out';
import { Crest } from '../../shared/crest.tsx';
import { tokens } from '../../shared/theme.ts';
import { useWords } from '../../shared/words/admin.ts';
import { LANGUAGES, useLanguage } from '../../shared/words/language.tsx';
import { useSession } from '../session.tsx';

const useStyles = makeStyles({
  bar: {
    display: 'flex',
    alignItems: 'center',
    gap: tokens.spacingHorizontalM,
    minHeight: '48px',
    padding: '0 16px',
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    '@media (max-width: 860px)': { padding: '0 8px' },
  },
  toggle: { display: 'none', '@media (max-width: 860px)': { display: 'inline-flex' } },
  product: { fontWeight: tokens.fontWeightSemibold, '@media (max-width: 480px)': { display: 'none' } },
  organization: {
    flexGrow: 1,
    minWidth: 0,
    color: tokens.colorNeutralForeground2,
    overflow: 'hidden',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  who: { padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`, maxWidth: '300px' },
  name: { margin: 0, fontWeight: tokens.fontWeightSemibold },
  second: {
    margin: 0,
    fontSize: tokens.fontSizeBase200,
    color: tokens.colorNeutralForeground2,
    overflowWrap: 'anywhere',
  },
});

export interface BarProps {
  readonly navigationId: string;
  readonly open: boolean;
  readonly onToggle: () => void;
}

export function Bar({ navigationId, open, onToggle }: BarProps) {
  const say = useWords();
  const styles = useStyles();
  const { place } = useSession();
  return (
    <header className={styles.bar}>
      <Button
        appearance="subtle"
        icon={<NavigationRegular />}
        className={styles.toggle}
        aria-label={say('admin.openNavigation')}
        aria-expanded={open}
        aria-controls={navigationId}
        onClick={onToggle}
      />
      <Crest size={24} />
      <span className={styles.product}>{say('admin.product')}</span>
      <span className={styles.organization} title={place.displayName}>
        {place.displayName}
      </span>
      <Account />
    </header>
  );
}

function Account() {
  const say = useWords();
  const styles = useStyles();
  const { person, roles, signOut } = useSession();
  const { language, chooseLanguage } = useLanguage();
  return (
    <Menu
      checkedValues={{ language: [language] }}
      onCheckedValueChange={(_, { checkedItems: [chosen] }) => {
        const found = LANGUAGES.find(({ id }) => id === chosen);
        if (found !== undefined) chooseLanguage(found.id);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button
          appearance="transparent"
          shape="circular"
          aria-label={say('admin.account', { name: person.displayName })}
          icon={<PersonCircleRegular />}
        />
      </MenuTrigger>
      <MenuPopover>
        <div className={styles.who}>
          <p className={styles.name}>{person.displayName}</p>
          <p className={styles.second}>{person.userPrincipalName}</p>
          <p className={styles.second}>
            {roles.length === 0 ? say('admin.noRole') : say('admin.yourRoles', { roles: roles.join(', ') })}
          </p>
        </div>
        <MenuList>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{say('admin.language')}</MenuGroupHeader>
            {LANGUAGES.map(({ id, name }) => (
              <MenuItemRadio key={id} name="language" value={id} lang={id}>
                {name}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuItem icon={<SignOutRegular />} onClick={signOut}>
            {say('admin.signOut')}
          </MenuItem>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
