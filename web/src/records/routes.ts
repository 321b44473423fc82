/** Contacts, companies and deals: lists whose filters are their address, and record pages with their tabs. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "@/app/shellRoute";
import { listSearch } from "./filters";

const contacts = createRoute({
  getParentRoute: () => shellRoute, path: "/contacts", validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./ContactsPage"), "ContactsPage"),
});
const contact = createRoute({
  getParentRoute: () => shellRoute, path: "/contacts/$contactId",
  component: lazyRouteComponent(() => import("./ContactPage"), "ContactPage"),
});
const contactTabs = [
  createRoute({ getParentRoute: () => contact, path: "/", component: lazyRouteComponent(() => import("./contactTabs"), "HistoryTab") }),
  createRoute({ getParentRoute: () => contact, path: "/messages", component: lazyRouteComponent(() => import("./contactTabs"), "MessagesTab") }),
  createRoute({ getParentRoute: () => contact, path: "/tasks", component: lazyRouteComponent(() => import("./contactTabs"), "TasksTab") }),
  createRoute({ getParentRoute: () => contact, path: "/deals", component: lazyRouteComponent(() => import("./contactTabs"), "DealsTab") }),
  createRoute({ getParentRoute: () => contact, path: "/workflows", component: lazyRouteComponent(() => import("./contactTabs"), "WorkflowsTab") }),
] as const;

const companies = createRoute({
  getParentRoute: () => shellRoute, path: "/companies", validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./CompaniesPage"), "CompaniesPage"),
});
const company = createRoute({
  getParentRoute: () => shellRoute, path: "/companies/$companyId",
  component: lazyRouteComponent(() => import("./CompanyPage"), "CompanyPage"),
});

const deals = createRoute({
  getParentRoute: () => shellRoute, path: "/deals", validateSearch: listSearch,
  component: lazyRouteComponent(() => import("./DealsPage"), "DealsPage"),
});
const deal = createRoute({
  getParentRoute: () => shellRoute, path: "/deals/$dealId",
  component: lazyRouteComponent(() => import("./DealPage"), "DealPage"),
});

export const recordRoutes = [contacts, contact.addChildren(contactTabs), companies, company, deals, deal] as const;
