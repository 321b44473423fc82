/** Tasks: mine, my team's, overdue. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";

const tasks = createRoute({
  getParentRoute: () => shellRoute, path: "/tasks",
  component: lazyRouteComponent(() => import("./TasksPage"), "TasksPage"),
});

export const taskRoutes = [tasks] as const;
