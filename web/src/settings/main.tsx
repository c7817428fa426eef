/** Starts the settings page. */

import { localClient } from '../shared/local-client.ts';
import { mount } from '../shared/mount.tsx';
import { settingsClient } from './settings-client.ts';
import { SettingsPage } from './settings-page.tsx';

mount(<SettingsPage client={settingsClient(localClient())} />);
