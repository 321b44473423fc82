/** Edit and delete, for those who may. */
import { useNavigate } from "@tanstack/react-router";
import { Ellipsis, Pencil, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { useMay } from "@/api/session";
import type { RecordType } from "@/api/types";
import { Button, IconButton } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Menu, MenuItem } from "@/ui/Menu";
import { PATHS, recordName, type AnyRecord } from "./names";
import { useRemove } from "./queries";
import { RecordForm } from "./RecordForm";

export function RecordActions({ type, record, children }: { type: RecordType; record: AnyRecord; children?: ReactNode }) {
  const may = useMay("member");
  const navigate = useNavigate();
  const remove = useRemove(type);
  const [asking, setAsking] = useState<"edit" | "delete" | null>(null);
  if (!may) return null;
  return (
    <>
      {children}
      <Button onClick={() => setAsking("edit")}><Pencil aria-hidden />Edit</Button>
      <Menu trigger={<IconButton label="More"><Ellipsis aria-hidden /></IconButton>}>
        <MenuItem danger icon={<Trash2 aria-hidden />} onSelect={() => setAsking("delete")}>Delete</MenuItem>
      </Menu>
      {asking === "edit" && <RecordForm type={type} record={record} onClose={() => setAsking(null)} />}
      <Confirm open={asking === "delete"} title={`Delete “${recordName(record)}”?`} action="Delete" danger busy={remove.isPending} onClose={() => setAsking(null)}
        onConfirm={() => remove.mutate(record, { onSuccess: () => void navigate({ href: PATHS[type] }) })}>
        It leaves every list, and workflows that wait with it end. Its history stays, and “Undo” brings it back.
      </Confirm>
    </>
  );
}
