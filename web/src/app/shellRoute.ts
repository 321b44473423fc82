/** The two parents of every route: the root, and the signed-in frame that areas hang their pages on. */
import { createRootRoute, createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { queryClient } from "@/api/client";
import { ApiError } from "@/api/errors";
import { meQuery } from "@/api/session";
import { Lost } from "./Fallbacks";

export const rootRoute = createRootRoute();

export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(meQuery);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        throw redirect({ to: "/sign-in", search: { next: location.href } });
      }
      throw error;
    }
  },
  component: lazyRouteComponent(() => import("./Shell"), "Shell"),
});

/** Every address that no area has: said inside the frame, so that the way on is at hand. */
export const nowhereRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "$",
  component: Lost,
});

export const indexRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/",
  beforeLoad: () => { throw redirect({ to: "/workflows" }); },
});
