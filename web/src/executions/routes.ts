/** The executions monitor and one execution. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";

const monitor = createRoute({
  getParentRoute: () => shellRoute, path: "/executions",
  component: lazyRouteComponent(() => import("./ExecutionsPage"), "ExecutionsPage"),
});

export const executionRoutes = [monitor] as const;
