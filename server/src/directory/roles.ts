/**
 * Directory roles, by the display names that Microsoft gives them.
 *
 * Source: graph-api.md; Microsoft Entra built-in roles.
 */

export const ROLES = {
  globalAdministrator: 'Global Administrator',
  intuneAdministrator: 'Intune Administrator',
  cloudDeviceAdministrator: 'Cloud Device Administrator',
  userAdministrator: 'User Administrator',
  authenticationAdministrator: 'Authentication Administrator',
  globalReader: 'Global Reader',
} as const;

export type Role = (typeof ROLES)[keyof typeof ROLES];

/** May manage devices: enrollment tokens, the two switches, device clean-up. */
export const DEVICE_ADMINISTRATORS: readonly Role[] = [ROLES.globalAdministrator, ROLES.intuneAdministrator];

/** May manage people: accounts and passwords. */
export const PEOPLE_ADMINISTRATORS: readonly Role[] = [ROLES.globalAdministrator, ROLES.userAdministrator];

/** May reset a password. */
export const PASSWORD_ADMINISTRATORS: readonly Role[] = [...PEOPLE_ADMINISTRATORS, ROLES.authenticationAdministrator];
