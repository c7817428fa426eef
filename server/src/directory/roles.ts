/**
 * Directory roles, by the display names that Microsoft gives them, and what each may do here.
 *
 * A route names its roles in `config.access`; the table that says it all at one glance, and is held against every route,
 * is roles.test.ts.
 *
 * Source: Microsoft Entra built-in roles (names, template ids); graph-api.md 2.3 and 3.
 */

export const ROLES = {
  globalAdministrator: 'Global Administrator',
  privilegedRoleAdministrator: 'Privileged Role Administrator',
  intuneAdministrator: 'Intune Administrator',
  cloudDeviceAdministrator: 'Cloud Device Administrator',
  userAdministrator: 'User Administrator',
  authenticationAdministrator: 'Authentication Administrator',
  helpdeskAdministrator: 'Helpdesk Administrator',
  conditionalAccessAdministrator: 'Conditional Access Administrator',
  backupAdministrator: 'Microsoft 365 Backup Administrator',
  globalReader: 'Global Reader',
} as const;

export type Role = (typeof ROLES)[keyof typeof ROLES];

export interface RoleDefinition {
  readonly displayName: Role;
  /** The same in every organization, and here the role's id, too. */
  readonly templateId: string;
  /** What it may do here. */
  readonly description: string;
}

/** Source: Microsoft Entra built-in roles, column "Template ID". */
export const ROLE_DEFINITIONS: readonly RoleDefinition[] = [
  {
    displayName: ROLES.globalAdministrator,
    templateId: '62e90394-69f5-4237-9190-012177145e10',
    description: "Changes everything but the contents of other people's backups.",
  },
  {
    displayName: ROLES.privilegedRoleAdministrator,
    templateId: 'e8611ab8-c189-46e8-94e1-60213ab1f814',
    description: 'Gives and takes roles.',
  },
  {
    displayName: ROLES.intuneAdministrator,
    templateId: '3a2c62db-5318-420d-8d74-23affee5d9d5',
    description: 'Changes policies, devices, their enrollment and groups.',
  },
  {
    displayName: ROLES.cloudDeviceAdministrator,
    templateId: '7698a772-787b-4ac8-901f-60d6b08affd2',
    description: 'Sees devices and changes who may join them.',
  },
  {
    displayName: ROLES.userAdministrator,
    templateId: 'fe930be7-5e62-47db-91af-98c3a49a38b1',
    description: 'Changes people without a role, and groups.',
  },
  {
    displayName: ROLES.authenticationAdministrator,
    templateId: 'c4e39bd9-1100-46d3-8c65-fb160da0071f',
    description: 'Resets passwords of people without a role.',
  },
  {
    displayName: ROLES.helpdeskAdministrator,
    templateId: '729827e3-9c14-49f7-bb1b-9608f156bbb8',
    description: 'Resets passwords of people without a role.',
  },
  {
    displayName: ROLES.conditionalAccessAdministrator,
    templateId: 'b1be1c3e-b65d-4f19-8427-f6fa0d97feb9',
    description: 'Changes which ways of signing in are allowed.',
  },
  {
    displayName: ROLES.backupAdministrator,
    templateId: '1707125e-0aa2-4d4d-8655-a7c786c76a25',
    description: "Sees and deletes the contents of other people's backups. No other role does.",
  },
  {
    displayName: ROLES.globalReader,
    templateId: 'f2ef992c-3afb-46b9-b7cf-a126ee74c451',
    description: "Sees everything but the contents of other people's backups, and changes nothing.",
  },
];

/** See people, groups and who holds which role: in Microsoft's directory everybody may, here whoever holds a role. */
export const ALL_ADMINISTRATORS: readonly Role[] = Object.values(ROLES);

/** May manage devices: enrollment tokens, the two switches, device clean-up. */
export const DEVICE_ADMINISTRATORS: readonly Role[] = [ROLES.globalAdministrator, ROLES.intuneAdministrator];

/** May manage people: accounts and passwords. */
export const PEOPLE_ADMINISTRATORS: readonly Role[] = [ROLES.globalAdministrator, ROLES.userAdministrator];

/** May reset a password. */
export const PASSWORD_ADMINISTRATORS: readonly Role[] = [
  ...PEOPLE_ADMINISTRATORS,
  ROLES.authenticationAdministrator,
  ROLES.helpdeskAdministrator,
];

/** May make groups and put people and devices into them. */
export const GROUP_ADMINISTRATORS: readonly Role[] = [...PEOPLE_ADMINISTRATORS, ROLES.intuneAdministrator];

/** May give and take roles. */
export const ROLE_ADMINISTRATORS: readonly Role[] = [ROLES.globalAdministrator, ROLES.privilegedRoleAdministrator];
