/** Settings, one page per subject. */
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";

const settings = createRoute({
  getParentRoute: () => shellRoute, path: "/settings",
  component: lazyRouteComponent(() => import("./SettingsPage"), "SettingsPage"),
});
const index = createRoute({ getParentRoute: () => settings, path: "/", beforeLoad: () => { throw redirect({ to: "/settings/account" }); } });
const account = createRoute({ getParentRoute: () => settings, path: "/account", component: lazyRouteComponent(() => import("./AccountTab"), "AccountTab") });
const connections = createRoute({ getParentRoute: () => settings, path: "/connections", component: lazyRouteComponent(() => import("./ConnectionsTab"), "ConnectionsTab") });
const hooks = createRoute({ getParentRoute: () => settings, path: "/hooks", component: lazyRouteComponent(() => import("./HooksTab"), "HooksTab") });
const users = createRoute({ getParentRoute: () => settings, path: "/users", component: lazyRouteComponent(() => import("./UsersTab"), "UsersTab") });
const teams = createRoute({ getParentRoute: () => settings, path: "/teams", component: lazyRouteComponent(() => import("./TeamsTab"), "TeamsTab") });
const keys = createRoute({ getParentRoute: () => settings, path: "/keys", component: lazyRouteComponent(() => import("./KeysTab"), "KeysTab") });
const fields = createRoute({ getParentRoute: () => settings, path: "/fields", component: lazyRouteComponent(() => import("./FieldsTab"), "FieldsTab") });
const pipelines = createRoute({ getParentRoute: () => settings, path: "/pipelines", component: lazyRouteComponent(() => import("./PipelinesTab"), "PipelinesTab") });
const stages = createRoute({ getParentRoute: () => settings, path: "/stages", component: lazyRouteComponent(() => import("./StagesTab"), "StagesTab") });
const tags = createRoute({ getParentRoute: () => settings, path: "/tags", component: lazyRouteComponent(() => import("./TagsTab"), "TagsTab") });
const audit = createRoute({ getParentRoute: () => settings, path: "/audit", component: lazyRouteComponent(() => import("./AuditTab"), "AuditTab") });

export const settingsRoutes = [settings.addChildren([index, account, connections, hooks, users, teams, keys, fields, pipelines, stages, tags, audit])] as const;
