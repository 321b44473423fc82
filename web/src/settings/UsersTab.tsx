/** Who may sign in, and with which role. */
import type { User } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Pill } from "@/ui/Pill";
import { ROLES } from "./roles";
import { SettingList } from "./SettingList";

export function UsersTab() {
  return (
    <SettingList<User> path="/users" one="user" about="People who sign in. A role decides what each may do."
      fields={[
        { name: "name", label: "Name", kind: "text" },
        { name: "email", label: "Email", kind: "email", onlyNew: true },
        { name: "role", label: "Role", kind: "select", options: ROLES, initial: "member" },
        { name: "password", label: "Password", kind: "password", onlyNew: true, hint: "At least 10 characters. Hand it over in person; it is not shown again." },
        { name: "timezone", label: "Time zone", kind: "text", optional: true, placeholder: "Europe/Berlin" },
      ]}
      nameOf={(user) => user.name || user.email}
      removal={{ word: "Deactivate", says: "They are signed out and cannot sign in. Their records and history stay, and workflows that name them go on." }}
      show={(user) => (
        <div className="flex items-center gap-3">
          <Avatar name={user.name || user.email} />
          <div className="min-w-0 flex-1"><p className="truncate font-medium">{user.name}</p><p className="truncate text-sm text-ink-faint">{user.email}</p></div>
          {user.deactivated_at || user.active === false ? <Pill tone="idle">Deactivated</Pill> : <Pill tone={user.role === "owner" ? "accent" : "idle"}>{ROLES.find(([code]) => code === user.role)?.[1].split(":")[0]}</Pill>}
        </div>
      )} />
  );
}
