/** Connections to the outside: mail servers and HTTP sign-ins. Secrets are written, never read back. */
import { useMutation } from "@tanstack/react-query";
import { Globe, Mail, Pencil, Plug, Plus } from "lucide-react";
import { useState } from "react";
import { queryClient } from "@/api/client";
import { messageOf } from "@/api/errors";
import { api } from "@/api/request";
import type { Connection } from "@/api/types";
import { Button, IconButton } from "@/ui/Button";
import { Menu, MenuItem } from "@/ui/Menu";
import { Pill } from "@/ui/Pill";
import { Time } from "@/ui/Time";
import { showDone, showError } from "@/ui/toasts";
import { HTTP_FIELDS, SMTP_FIELDS } from "./connectionFields";
import { EditDialog } from "./EditDialog";
import { SettingList } from "./SettingList";

export function ConnectionsTab() {
  const [editing, setEditing] = useState<{ type: "smtp" | "http"; row: Connection | null } | null>(null);
  return (
    <>
      <SettingList<Connection> path="/connections" one="connection" icon={<Plug aria-hidden />} about="Workflows send email and call other systems through these."
        add={
          <Menu trigger={<Button look="primary"><Plus aria-hidden />New connection</Button>}>
            <MenuItem icon={<Mail aria-hidden />} onSelect={() => setEditing({ type: "smtp", row: null })}>Mail server (SMTP)</MenuItem>
            <MenuItem icon={<Globe aria-hidden />} onSelect={() => setEditing({ type: "http", row: null })}>HTTP sign-in</MenuItem>
          </Menu>
        }
        nameOf={(row) => row.name} removal={{ word: "Delete", says: "Workflows that use it are listed first; what they have yet to send would fail." }}
        actions={(row) => <><Check row={row} /><IconButton label={`Edit ${row.name}`} size="sm" onClick={() => setEditing({ type: row.type, row })}><Pencil aria-hidden /></IconButton></>}
        show={(row) => <Shown row={row} />} />
      {editing && (
        <EditDialog title={editing.row ? `Edit “${editing.row.name}”` : editing.type === "smtp" ? "New mail server" : "New HTTP sign-in"} path="/connections" row={editing.row}
          fields={editing.type === "smtp" ? SMTP_FIELDS : HTTP_FIELDS} extra={editing.row ? {} : { type: editing.type }} onClose={() => setEditing(null)} />
      )}
    </>
  );
}

function Shown({ row }: { row: Connection }) {
  const Icon = row.type === "smtp" ? Mail : Globe;
  const where = row.type === "smtp" ? `${String(row.config["host"] ?? "")}:${String(row.config["port"] ?? "")}` : String(row.config["base_url"] ?? "");
  return (
    <div className="flex items-center gap-3">
      <Icon aria-hidden className="size-4 text-ink-faint" />
      <div className="min-w-0 flex-1">
        <p className="truncate font-medium">{row.name} <code className="ml-1 text-xs font-normal text-ink-faint">{row.key}</code></p>
        <p className="truncate text-sm text-ink-faint">{where}{row.check_error && <span className="text-bad"> · {row.check_error}</span>}</p>
      </div>
      {row.checked_at ? <Pill tone={row.check_error ? "bad" : "ok"} dot>{row.check_error ? "Failed" : "Works"} · <Time at={row.checked_at} short /></Pill> : <Pill tone="idle">Not checked</Pill>}
    </div>
  );
}

function Check({ row }: { row: Connection }) {
  const check = useMutation({
    mutationFn: () => api.post<Connection>(`/connections/${row.id}/check`),
    meta: { quiet: true },
    onSuccess: (answer) => {
      if (answer.check_error) showError(`${row.name}: ${answer.check_error}`);
      else showDone(`${row.name} works.`);
    },
    onError: (error) => showError(`${row.name}: ${messageOf(error)}`),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["/connections"] }),
  });
  return <Button size="sm" busy={check.isPending} onClick={() => check.mutate()}>{check.isPending ? "Checking…" : "Check"}</Button>;
}
