/** English: the settings page. */

export const settingsEn = {
  'settings.accounts': 'Accounts',
  'settings.title': 'Windows backup',
  'settings.ok': "You're backed up",
  'settings.off': 'Backup is off on this PC',
  'settings.next': 'Next by {date}, by itself.',
  'settings.now': 'Back up now',
  'settings.apps': 'Remember my apps',
  'settings.preferences': 'Remember my preferences',
  'settings.managed': 'Managed by {org}',
  'settings.suggestedOff': 'Suggested by your organization: off. You can turn it on',
  'settings.whyOff': "Why you can't switch this on:",
  'settings.ask': 'Ask IT to turn it on',
  'settings.again': 'Check again',
} as const;
