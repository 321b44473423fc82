/** API keys. The secret is shown once, when the key is made. */
import { KeyRound } from "lucide-react";
import { useState } from "react";
import type { ApiKey } from "@/api/types";
import { Pill } from "@/ui/Pill";
import { Time } from "@/ui/Time";
import { ROLES, roleName } from "./roles";
import { SettingList } from "./SettingList";
import { ShownOnce } from "./ShownOnce";

export function KeysTab() {
  const [secret, setSecret] = useState<string | null>(null);
  return (
    <>
      <SettingList<ApiKey> path="/api-keys" one="API key" icon={<KeyRound aria-hidden />} about="Programs sign in with a key. It can do what its role allows." editable={false}
        fields={[{ name: "name", label: "Name", kind: "text", placeholder: "Website" }, { name: "role", label: "Role", kind: "select", options: ROLES, initial: "member" }]}
        onCreated={(answer) => setSecret(String(answer["key"] ?? ""))}
        nameOf={(key) => key.name} removable={(key) => !key.revoked_at} removal={{ word: "Revoke", says: "Programs that use it are refused at once. This cannot be undone." }}
        show={(key) => (
          <div className="flex items-center gap-3">
            <div className="min-w-0 flex-1"><p className="truncate font-medium">{key.name}{key.hint && <code className="ml-2 text-xs font-normal text-ink-faint">{key.hint}</code>}</p><p className="text-sm text-ink-faint">Made <Time at={key.created_at} />, {key.last_used_at ? <>last used <Time at={key.last_used_at} /></> : "never used"}</p></div>
            <Pill tone={key.revoked_at ? "bad" : "idle"}>{key.revoked_at ? "Revoked" : roleName(key.role)}</Pill>
          </div>
        )} />
      {secret && <ShownOnce title="Your new key" description="This is the only time it is shown. Keep it where your program can read it." value={secret} onClose={() => setSecret(null)} />}
    </>
  );
}
