/** English: the admin center. */

export const adminEn = {
  'admin.title': 'Carryover admin center',
  'admin.home': 'Refresh readiness',
  'admin.ready': 'Who could get a new PC today',
  'admin.needs': 'Needs you',
  'admin.proof': 'Proof that it works',
  'coverage.protected': 'Backed up in time',
  'coverage.stale': 'Overdue',
  'coverage.failing': 'Failing',
  'coverage.ineligible': 'Not eligible',
  'coverage.off': 'Not switched on',
  'outcome.notApplicable': 'Not Applicable',
  'outcome.noPolicy': 'No policy assigned',
  'outcome.succeeded': 'Succeeded',
  'outcome.failed': 'Failed',
  'outcome.noProfiles': 'No Backup Profiles',
  'outcome.setUpAsNew': 'Setup as New PC Selected',
  'policy.preview': 'Before you save',
  'policy.save': { one: 'Save {n} change', other: 'Save {n} changes' },
  'enroll.show': 'Show restore page',
  'enroll.once': {
    one: 'Read once, when a device enrolls. {n} device that is enrolled keeps what it got.',
    other: 'Read once, when a device enrolls. {n} devices that are enrolled keep what they got.',
  },
} as const;
