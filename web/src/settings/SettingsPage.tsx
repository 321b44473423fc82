/** The frame of the settings: their subjects at the side, on narrow screens in a row, and the one that is open. */
import { Link, Outlet, type LinkProps } from "@tanstack/react-router";
import { useMay } from "@/api/session";
import { Page } from "@/ui/Page";
import { TabLinks } from "@/ui/TabLinks";

interface Subject { label: string; to: NonNullable<LinkProps["to"]> }

export function SettingsPage() {
  const groups = useSubjects();
  return (
    <Page title="Settings" fills bar={<div className="lg:hidden"><TabLinks label="Settings" tabs={groups.flatMap(([, subjects]) => subjects).map(({ label, to }) => ({ label, link: { to } }))} /></div>}>
      <div className="flex min-h-0 flex-1">
        <nav aria-label="Settings" className="hidden w-52 shrink-0 flex-col gap-4 overflow-y-auto border-r border-line px-3 py-4 lg:flex">
          {groups.map(([name, subjects]) => subjects.length > 0 && (
            <div key={name}>
              <p className="px-3 pb-1 text-xs text-ink-faint">{name}</p>
              <ul className="flex flex-col gap-px">{subjects.map((each) => <li key={each.label}><Place {...each} /></li>)}</ul>
            </div>
          ))}
        </nav>
        <div className="flex min-w-0 flex-1 flex-col"><Outlet /></div>
      </div>
    </Page>
  );
}

function Place({ label, to }: Subject) {
  return (
    <Link to={to} className="flex h-7.5 items-center rounded-md px-3 text-ink-soft hover:bg-hover hover:text-ink" activeProps={{ className: "bg-pressed !text-ink font-medium", "aria-current": "page" }}>{label}</Link>
  );
}

/** What the signed-in person may see. */
function useSubjects(): readonly (readonly [string, readonly Subject[]])[] {
  const admin = useMay("admin");
  const member = useMay("member");
  const manager = useMay("manager");
  const allowed = (may: boolean, subject: Subject) => (may ? [subject] : []);
  return [
    ["Workspace", [{ label: "Account", to: "/settings/account" }, { label: "Users", to: "/settings/users" }, { label: "Teams", to: "/settings/teams" }, ...allowed(admin, { label: "Audit log", to: "/settings/audit" })]],
    ["Records", [
      { label: "Custom fields", to: "/settings/fields" }, { label: "Pipelines", to: "/settings/pipelines" },
      { label: "Tags", to: "/settings/tags" }, { label: "Lifecycle stages", to: "/settings/stages" },
    ]],
    ["Integrations", [
      ...allowed(member, { label: "Connections", to: "/settings/connections" }),
      ...allowed(manager, { label: "Hooks", to: "/settings/hooks" }),
      ...allowed(admin, { label: "API keys", to: "/settings/keys" }),
    ]],
  ];
}
