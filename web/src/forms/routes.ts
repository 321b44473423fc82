/** Forms and their hosted pages. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";

const forms = createRoute({
  getParentRoute: () => shellRoute, path: "/forms",
  component: lazyRouteComponent(() => import("./FormsPage"), "FormsPage"),
});

export const formRoutes = [forms] as const;
