/** The workflows list and one workflow's tabs. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";

const list = createRoute({
  getParentRoute: () => shellRoute, path: "/workflows",
  component: lazyRouteComponent(() => import("./WorkflowsPage"), "WorkflowsPage"),
});

export const workflowRoutes = [list] as const;
