/** Settings, one page per subject. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";

const settings = createRoute({
  getParentRoute: () => shellRoute, path: "/settings",
  component: lazyRouteComponent(() => import("./AccountPage"), "AccountPage"),
});

export const settingsRoutes = [settings] as const;
