/**
 * What is remembered: a switch for apps, one for all preferences, one for each of their categories.
 *
 * A switch that cannot be moved keeps its reason beside it, in words.
 */

import type { CategorySwitch, SwitchBody } from '@carryover/model/local-pages';
import { wordsOf } from '@carryover/model/reasons';
import { Badge, Button, makeStyles, Switch } from '@fluentui/react-components';
import { AppsRegular } from '@fluentui/react-icons/svg/apps';
import { ChevronDownRegular } from '@fluentui/react-icons/svg/chevron-down';
import { ChevronUpRegular } from '@fluentui/react-icons/svg/chevron-up';
import { LockClosedRegular } from '@fluentui/react-icons/svg/lock-closed';
import { OptionsRegular } from '@fluentui/react-icons/svg/options';
import { type ReactNode, useState } from 'react';
import { type ControlNames, SettingCard, SettingGroup } from '../shared/setting-card.tsx';
import { tokens } from '../shared/theme.ts';
import type { Here } from './status.ts';

const useStyles = makeStyles({
  cards: { display: 'grid', rowGap: tokens.spacingVerticalXS },
  note: { margin: 0, fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground3 },
  managed: { marginInlineStart: tokens.spacingHorizontalS },
  lines: { display: 'grid' },
});

export interface RememberedProps {
  readonly categories: readonly CategorySwitch[];
  readonly organization: string;
  /** Why nothing can be switched is said above; then the rows do not repeat it. */
  readonly isOff: boolean;
  readonly here: Here;
  readonly onSwitch: (wish: SwitchBody) => void;
}

export function Remembered({ categories, organization, isOff, here, onSwitch }: RememberedProps) {
  const styles = useStyles();
  const { say } = here;
  const [isOpen, setOpen] = useState(true);
  const apps = categories.find(({ category }) => category === 'apps');
  const preferences = categories.filter(({ category }) => category !== 'apps');
  const changeable = preferences.filter((each) => each.changeable);
  const on = preferences.filter((each) => each.on).length;
  const word = on === 0 ? say('common.off') : on === preferences.length ? say('common.on') : say('settings.some');
  const row = (each: CategorySwitch, about: string) => rowOf(each, { about, organization, isOff, here });
  return (
    <div className={styles.cards}>
      {apps === undefined ? null : (
        <SettingCard
          icon={<AppsRegular />}
          {...row(apps, say('settings.aboutApps'))}
          title={say('settings.apps')}
          control={(names) => (
            <Turn
              names={names}
              on={apps.on}
              word={say(apps.on ? 'common.on' : 'common.off')}
              disabled={!apps.changeable}
              onTurn={(wish) => onSwitch({ toggle: 'apps', on: wish })}
            />
          )}
        />
      )}
      <SettingGroup label={say('settings.preferences')}>
        <SettingCard
          grouped
          icon={<OptionsRegular />}
          title={say('settings.preferences')}
          description={say('settings.aboutPreferences')}
          disabled={changeable.length === 0}
          control={(names) => (
            <>
              <Turn
                names={names}
                on={on > 0}
                word={word}
                disabled={changeable.length === 0}
                onTurn={(wish) => onSwitch({ toggle: 'preferences', on: wish })}
              />
              <Button
                appearance="subtle"
                icon={isOpen ? <ChevronUpRegular /> : <ChevronDownRegular />}
                aria-label={say('settings.show')}
                aria-expanded={isOpen}
                onClick={() => setOpen(!isOpen)}
              />
            </>
          )}
        />
        {isOpen
          ? preferences.map((each) => (
              <SettingCard
                key={each.category}
                sub
                grouped
                {...row(each, say(`settings.about.${each.category as Exclude<typeof each.category, 'apps'>}`))}
                title={say(`category.${each.category}`)}
                control={(names) => (
                  <Turn
                    names={names}
                    on={each.on}
                    word={say(each.on ? 'common.on' : 'common.off')}
                    disabled={!each.changeable}
                    onTurn={(wish) => onSwitch({ toggle: each.category, on: wish })}
                  />
                )}
              />
            ))
          : null}
      </SettingGroup>
      <p className={styles.note}>{say('settings.offKeeps')}</p>
    </div>
  );
}

interface RowContext {
  readonly about: string;
  readonly organization: string;
  readonly isOff: boolean;
  readonly here: Here;
}

/** What stands under a category's name: what it is, or why it is as it is. */
function rowOf(
  { changeable, reason, waiting }: CategorySwitch,
  { about, organization, isOff, here: { say, language } }: RowContext,
): { description: ReactNode; disabled: boolean } {
  if (isOff) return { description: about, disabled: true };
  if (!changeable)
    return {
      description: (
        <Locked
          label={say('settings.managed', { org: organization })}
          why={reason === undefined ? about : wordsOf(reason, language).reason}
        />
      ),
      disabled: true,
    };
  if (waiting) return { description: say('settings.waiting'), disabled: false };
  if (reason?.code === 'suggestedOff') return { description: say('settings.suggestedOff'), disabled: false };
  return { description: about, disabled: false };
}

function Locked({ label, why }: { readonly label: string; readonly why: string }) {
  const styles = useStyles();
  return (
    <span className={styles.lines}>
      <span>
        <Badge appearance="tint" color="brand" icon={<LockClosedRegular />}>
          {label}
        </Badge>
      </span>
      <span>{why}</span>
    </span>
  );
}

interface TurnProps {
  readonly names: ControlNames;
  readonly on: boolean;
  readonly word: string;
  readonly disabled: boolean;
  readonly onTurn: (on: boolean) => void;
}

/** A switch with its word before it; the word stays readable when the switch is grey. */
function Turn({ names, on, word, disabled, onTurn }: TurnProps) {
  return (
    <>
      <span aria-hidden>{word}</span>
      <Switch
        checked={on}
        disabled={disabled}
        aria-labelledby={names.labelledBy}
        aria-describedby={names.describedBy}
        onChange={(_, { checked }) => onTurn(checked)}
      />
    </>
  );
}
