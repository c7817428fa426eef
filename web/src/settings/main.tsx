/** Starts the settings page. */

import { mount } from '../shared/mount.tsx';
import { SettingsPage } from './settings-page.tsx';

mount(<SettingsPage />);
