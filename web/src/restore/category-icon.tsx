/** The icon of a category; its word stands beside it. */

import type { Category } from '@carryover/model/setting';
import { AccessibilityRegular } from '@fluentui/react-icons/svg/accessibility';
import { AppsRegular } from '@fluentui/react-icons/svg/apps';
import { KeyRegular } from '@fluentui/react-icons/svg/key';
import { LocalLanguageRegular } from '@fluentui/react-icons/svg/local-language';
import { PaintBrushRegular } from '@fluentui/react-icons/svg/paint-brush';
import { SettingsRegular } from '@fluentui/react-icons/svg/settings';

const ICONS = {
  accessibility: AccessibilityRegular,
  accounts: KeyRegular,
  personalization: PaintBrushRegular,
  language: LocalLanguageRegular,
  other: SettingsRegular,
  apps: AppsRegular,
} as const satisfies Record<Category, unknown>;

export function CategoryIcon({ category }: { readonly category: Category }) {
  const Icon = ICONS[category];
  return <Icon aria-hidden />;
}
