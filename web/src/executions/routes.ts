/** The executions monitor, whose filters are its address, what is held back, jobs, and one execution. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";
import { monitorSearch } from "./search";

const monitor = createRoute({
  getParentRoute: () => shellRoute, path: "/executions",
  validateSearch: monitorSearch,
  component: lazyRouteComponent(() => import("./MonitorPage"), "MonitorPage"),
});
const one = createRoute({
  getParentRoute: () => shellRoute, path: "/executions/$executionId",
  component: lazyRouteComponent(() => import("./ExecutionPage"), "ExecutionPage"),
});
const heldBack = createRoute({
  getParentRoute: () => shellRoute, path: "/executions/held-back",
  component: lazyRouteComponent(() => import("./HeldBackPage"), "HeldBackPage"),
});

const jobs = createRoute({
  getParentRoute: () => shellRoute, path: "/executions/jobs",
  component: lazyRouteComponent(() => import("./JobsPage"), "JobsPage"),
});

export const executionRoutes = [monitor, heldBack, jobs, one] as const;
