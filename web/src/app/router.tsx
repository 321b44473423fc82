/** Composes the route tree from the areas. An area adds pages in its own routes.ts, never here. */
import { createRouter } from "@tanstack/react-router";
import { executionRoutes } from "@/executions/routes";
import { formRoutes } from "@/forms/routes";
import { recordRoutes } from "@/records/routes";
import { settingsRoutes } from "@/settings/routes";
import { signInRoute } from "@/sign-in/routes";
import { taskRoutes } from "@/tasks/routes";
import { workflowRoutes } from "@/workflows/routes";
import { Lost, PageFailure, PagePending } from "./Fallbacks";
import { indexRoute, nowhereRoute, rootRoute, shellRoute } from "./shellRoute";

const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    indexRoute, ...workflowRoutes, ...executionRoutes, ...recordRoutes, ...taskRoutes, ...formRoutes, ...settingsRoutes, nowhereRoute,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  defaultNotFoundComponent: Lost,
  defaultErrorComponent: PageFailure,
  defaultPendingComponent: PagePending,
  defaultPendingMs: 250,
});

declare module "@tanstack/react-router" {
  interface Register { router: typeof router }
}
