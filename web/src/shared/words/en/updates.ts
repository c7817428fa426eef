/** Quality updates on the restore page, for a PC that is too old; loaded with the step that offers them. */

export const updatesEn = {
  'updates.title': 'Quality updates',
  'updates.lead': '{org} lets you install the quality updates of this PC here. Nothing is restarted.',
  'updates.leadWindows': '{org} lets you install the quality updates of this PC. Windows Update opens for it.',
  'updates.yourOrg': 'Your organization',
  'updates.install': 'Install quality updates',
  'updates.open': 'Open Windows Update',
  'updates.looking': 'Looking for quality updates…',
  'updates.installing': 'Installing quality updates. This can take a while…',
  'updates.installingHow': 'It goes on when you close this window.',
  'updates.none': 'No quality updates wait.',
  'updates.noneHow': 'This PC needs a newer release of its system. Ask your IT.',
  'updates.installed': 'The quality updates are installed.',
  'updates.installedHow': 'They were not enough: this PC needs a newer release of its system. Ask your IT.',
  'updates.restart': 'The quality updates are installed.',
  'updates.restartHow': 'Restart this PC, then open this page again. It checks again by itself.',
  'updates.opened': 'Windows Update is open.',
  'updates.openedHow': 'Install there what it finds, restart when it says so, then choose Try again here.',
  'updates.failed': 'The quality updates could not be installed.',
} as const;
