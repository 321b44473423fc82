/** The frame of the settings: a tab per subject. */
import { Outlet } from "@tanstack/react-router";
import { useMay } from "@/api/session";
import { Page } from "@/ui/Page";
import { TabLinks } from "@/ui/TabLinks";

export function SettingsPage() {
  const admin = useMay("admin");
  const member = useMay("member");
  const manager = useMay("manager");
  return (
    <Page title="Settings" fills bar={<TabLinks label="Settings" tabs={[
      { label: "Account", link: { to: "/settings/account" } },
      ...(member ? [{ label: "Connections", link: { to: "/settings/connections" as const } }] : []),
      ...(manager ? [{ label: "Hooks", link: { to: "/settings/hooks" as const } }] : []),
      { label: "Users", link: { to: "/settings/users" } },
      { label: "Teams", link: { to: "/settings/teams" } },
      ...(admin ? [{ label: "API keys", link: { to: "/settings/keys" as const } }] : []),
      { label: "Custom fields", link: { to: "/settings/fields" } },
      { label: "Pipelines", link: { to: "/settings/pipelines" } },
      { label: "Tags", link: { to: "/settings/tags" } },
      { label: "Lifecycle stages", link: { to: "/settings/stages" } },
      ...(admin ? [{ label: "Audit log", link: { to: "/settings/audit" as const } }] : []),
    ]} />}>
      <Outlet />
    </Page>
  );
}
