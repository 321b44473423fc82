/** Forms and one form with its submissions. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";

const forms = createRoute({
  getParentRoute: () => shellRoute, path: "/forms",
  component: lazyRouteComponent(() => import("./FormsPage"), "FormsPage"),
});
const form = createRoute({
  getParentRoute: () => shellRoute, path: "/forms/$formId",
  validateSearch: (search: Record<string, unknown>): { show?: "submissions" } => (search["show"] === "submissions" ? { show: "submissions" } : {}),
  component: lazyRouteComponent(() => import("./FormPage"), "FormPage"),
});

export const formRoutes = [forms, form] as const;
