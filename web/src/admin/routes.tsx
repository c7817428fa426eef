/**
 * The addresses of the admin center. Each page is loaded when it is opened first.
 *
 * A device is opened beside the list: `devices/$id` is a child of `devices` without a component of its own, so that the
 * list stays; DevicesPage reads `id` by `useParams({ strict: false })`.
 */

import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { NothingHere, Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: NothingHere });

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: lazyRouteComponent(() => import('./home/home-page.tsx'), 'HomePage'),
});

const guide = createRoute({
  getParentRoute: () => root,
  path: 'guide',
  component: lazyRouteComponent(() => import('./guide/guide-page.tsx'), 'GuidePage'),
});

const devices = createRoute({
  getParentRoute: () => root,
  path: 'devices',
  validateSearch: textsOf,
  component: lazyRouteComponent(() => import('./devices/devices-page.tsx'), 'DevicesPage'),
});

const device = createRoute({ getParentRoute: () => devices, path: '$id' });

const people = createRoute({
  getParentRoute: () => root,
  path: 'people',
  validateSearch: textsOf,
  component: lazyRouteComponent(() => import('./people/people-page.tsx'), 'PeoplePage'),
});

const roles = createRoute({
  getParentRoute: () => root,
  path: 'people/roles',
  component: lazyRouteComponent(() => import('./people/roles-page.tsx'), 'RolesPage'),
});

const groups = createRoute({
  getParentRoute: () => root,
  path: 'people/groups',
  validateSearch: textsOf,
  component: lazyRouteComponent(() => import('./groups/groups-page.tsx'), 'GroupsPage'),
});

const group = createRoute({
  getParentRoute: () => root,
  path: 'people/groups/$groupId',
  component: lazyRouteComponent(() => import('./groups/group-page.tsx'), 'GroupPage'),
});

const policies = createRoute({
  getParentRoute: () => root,
  path: 'policies',
  component: lazyRouteComponent(() => import('./policies/backup-policy-page.tsx'), 'BackupPolicyPage'),
});

const policy = createRoute({
  getParentRoute: () => root,
  path: 'policies/$policyId',
  validateSearch: textsOf,
  component: lazyRouteComponent(() => import('./policies/policy-page.tsx'), 'PolicyPage'),
});

const enrollment = createRoute({
  getParentRoute: () => root,
  path: 'enrollment',
  component: lazyRouteComponent(() => import('./enrollment/enrollment-page.tsx'), 'EnrollmentPage'),
});

const autopilot = createRoute({
  getParentRoute: () => root,
  path: 'enrollment/autopilot',
  component: lazyRouteComponent(() => import('./enrollment/autopilot-page.tsx'), 'AutopilotPage'),
});

const autopilotProfile = createRoute({
  getParentRoute: () => root,
  path: 'enrollment/autopilot/$profileId',
  component: lazyRouteComponent(() => import('./enrollment/profile-page.tsx'), 'ProfilePage'),
});

const routeTree = root.addChildren([
  home,
  guide,
  devices.addChildren([device]),
  people,
  roles,
  groups,
  group,
  policies,
  policy,
  enrollment,
  autopilot,
  autopilotProfile,
]);

/** Filters stand in the address, by name; whoever reads one decides what it may say. */
function textsOf(search: Readonly<Record<string, unknown>>): { readonly [name: string]: string | undefined } {
  return Object.fromEntries(
    Object.entries(search).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

export function createAdminRouter() {
  return createRouter({ routeTree, basepath: '/admin', defaultPreload: 'intent', scrollRestoration: true });
}

declare module '@tanstack/react-router' {
  interface Register {
    readonly router: ReturnType<typeof createAdminRouter>;
  }
}
