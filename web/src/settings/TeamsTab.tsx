/** Teams, which tasks are assigned to and workflows notify. */
import { Users } from "lucide-react";
import { nameOf, useUsers } from "@/api/people";
import type { Team } from "@/api/types";
import { SettingList } from "./SettingList";

export function TeamsTab() {
  const { data: users } = useUsers();
  const names = (team: Team) => (team.member_ids ?? []).map((id) => nameOf(users?.find((user) => user.id === id))).join(", ");
  return (
    <SettingList<Team> path="/teams" one="team" icon={<Users aria-hidden />} about="Tasks are assigned to teams, and workflows notify them. A workflow names a team by its key."
      fields={[
        { name: "name", label: "Name", kind: "text" },
        { name: "key", label: "Key", kind: "text", onlyNew: true, follows: "name", hint: "Small letters, digits and dashes; it never changes.", placeholder: "sales" },
        { name: "member_ids", label: "Members", kind: "people", optional: true },
      ]}
      nameOf={(team) => team.name} removal={{ word: "Delete", says: "Open tasks in its queue lose their team. Workflows that name it are listed first." }}
      show={(team) => <><p className="font-medium">{team.name} <code className="ml-1 text-xs font-normal text-ink-faint">{team.key}</code></p><p className="truncate text-sm text-ink-faint">{names(team) || "Nobody yet"}</p></>} />
  );
}
