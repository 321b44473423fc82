/** Who may sign in, and with which role. */
import { useMutation } from "@tanstack/react-query";
import { UserRound } from "lucide-react";
import { useState } from "react";
import { queryClient } from "@/api/client";
import { api } from "@/api/request";
import type { User } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Button } from "@/ui/Button";
import { Pill } from "@/ui/Pill";
import { showDone } from "@/ui/toasts";
import { ROLES, roleName } from "./roles";
import { SettingList } from "./SettingList";
import { ShownOnce } from "./ShownOnce";

export function UsersTab() {
  const [password, setPassword] = useState<string | null>(null);
  const restore = useMutation({
    mutationFn: (user: User) => api.post(`/users/${user.id}/restore`),
    onSuccess: (_answer, user) => showDone(`${user.name} can sign in again.`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["/users"] }),
  });
  return (
    <>
      <SettingList<User> path="/users" one="user" icon={<UserRound aria-hidden />} about="People who sign in. A role decides what each may do."
        fields={[
          { name: "name", label: "Name", kind: "text" },
          { name: "email", label: "Email", kind: "email", onlyNew: true },
          { name: "role", label: "Role", kind: "select", options: ROLES, initial: "member" },
          { name: "password", label: "Password", kind: "password", onlyNew: true, optional: true, hint: "Leave it empty, and one is made and shown once." },
          { name: "timezone", label: "Time zone", kind: "zone", optional: true },
        ]}
        nameOf={(user) => user.name || user.email}
        onCreated={(answer) => { if (typeof answer["password"] === "string") setPassword(answer["password"]); else showDone("Saved."); }}
        removal={{ word: "Deactivate", says: "They are signed out and cannot sign in. Their records and history stay, and workflows that name them go on." }}
        removable={(user) => user.active !== false}
        actions={(user) => (user.active === false ? <Button size="sm" busy={restore.isPending} onClick={() => restore.mutate(user)}>Let back in</Button> : null)}
        show={(user) => (
          <div className="flex items-center gap-3">
            <Avatar name={user.name || user.email} />
            <div className="min-w-0 flex-1"><p className="truncate font-medium">{user.name}</p><p className="truncate text-sm text-ink-faint">{user.email}</p></div>
            {user.active === false ? <Pill tone="idle">Deactivated</Pill> : <Pill tone={user.role === "owner" ? "accent" : "idle"}>{roleName(user.role)}</Pill>}
          </div>
        )} />
      {password && <ShownOnce title="The first password" description="This is the only time it is shown. Hand it over in person; they can change it after signing in." value={password} onClose={() => setPassword(null)} />}
    </>
  );
}
