/** Tasks: mine, my team's, overdue; one of them opened by `task`. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";
import { taskSearch } from "./search";

const tasks = createRoute({
  getParentRoute: () => shellRoute, path: "/tasks",
  validateSearch: taskSearch,
  component: lazyRouteComponent(() => import("./TasksPage"), "TasksPage"),
});

export const taskRoutes = [tasks] as const;
