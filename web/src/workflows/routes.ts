/** The workflows list and the tabs of one workflow. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";
import { monitorSearch } from "@/executions/search";

const list = createRoute({
  getParentRoute: () => shellRoute, path: "/workflows",
  validateSearch: (search: Record<string, unknown>): { q?: string; show?: "archived" } => ({
    ...(typeof search["q"] === "string" && search["q"] ? { q: search["q"] } : {}),
    ...(search["show"] === "archived" ? { show: "archived" as const } : {}),
  }),
  component: lazyRouteComponent(() => import("./WorkflowsPage"), "WorkflowsPage"),
});

const one = createRoute({
  getParentRoute: () => shellRoute, path: "/workflows/$workflowId",
  component: lazyRouteComponent(() => import("./WorkflowPage"), "WorkflowPage"),
});
const definition = createRoute({
  getParentRoute: () => one, path: "/",
  component: lazyRouteComponent(() => import("./DefinitionTab"), "DefinitionTab"),
});
const yaml = createRoute({
  getParentRoute: () => one, path: "/yaml",
  component: lazyRouteComponent(() => import("./YamlTab"), "YamlTab"),
});
const executions = createRoute({
  getParentRoute: () => one, path: "/executions",
  validateSearch: monitorSearch,
  component: lazyRouteComponent(() => import("./ExecutionsTab"), "ExecutionsTab"),
});
const versions = createRoute({
  getParentRoute: () => one, path: "/versions",
  component: lazyRouteComponent(() => import("./VersionsTab"), "VersionsTab"),
});
const test = createRoute({
  getParentRoute: () => one, path: "/test",
  component: lazyRouteComponent(() => import("./TestTab"), "TestTab"),
});
const explain = createRoute({
  getParentRoute: () => one, path: "/explain",
  validateSearch: (search: Record<string, unknown>): { type?: string; record?: string } => ({
    ...(typeof search["type"] === "string" ? { type: search["type"] } : {}),
    ...(typeof search["record"] === "string" ? { record: search["record"] } : {}),
  }),
  component: lazyRouteComponent(() => import("./ExplainTab"), "ExplainTab"),
});

export const workflowRoutes = [list, one.addChildren([definition, yaml, executions, versions, test, explain])] as const;
