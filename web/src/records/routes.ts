/** Contacts, companies and deals: lists and record pages. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";

const contacts = createRoute({
  getParentRoute: () => shellRoute, path: "/contacts",
  component: lazyRouteComponent(() => import("./ContactsPage"), "ContactsPage"),
});
const companies = createRoute({
  getParentRoute: () => shellRoute, path: "/companies",
  component: lazyRouteComponent(() => import("./CompaniesPage"), "CompaniesPage"),
});
const deals = createRoute({
  getParentRoute: () => shellRoute, path: "/deals",
  component: lazyRouteComponent(() => import("./DealsPage"), "DealsPage"),
});

export const recordRoutes = [contacts, companies, deals] as const;
