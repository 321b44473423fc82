/** The places of the application, in the order of the navigation, each with its `g` key. */
import { Building2, CircleDollarSign, ClipboardList, ListChecks, Settings, Users, Workflow, Zap, type LucideIcon } from "lucide-react";

export interface Destination {
  to: "/workflows" | "/executions" | "/contacts" | "/companies" | "/deals" | "/tasks" | "/forms" | "/settings";
  label: string;
  icon: LucideIcon;
  key: string;
  group: "automation" | "records" | "account";
}

export const destinations: readonly Destination[] = [
  { to: "/workflows", label: "Workflows", icon: Workflow, key: "w", group: "automation" },
  { to: "/executions", label: "Executions", icon: Zap, key: "e", group: "automation" },
  { to: "/contacts", label: "Contacts", icon: Users, key: "c", group: "records" },
  { to: "/companies", label: "Companies", icon: Building2, key: "o", group: "records" },
  { to: "/deals", label: "Deals", icon: CircleDollarSign, key: "d", group: "records" },
  { to: "/tasks", label: "Tasks", icon: ListChecks, key: "t", group: "records" },
  { to: "/forms", label: "Forms", icon: ClipboardList, key: "f", group: "records" },
  { to: "/settings", label: "Settings", icon: Settings, key: "s", group: "account" },
];
