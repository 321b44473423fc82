/** A list of one kind of setting, with its dialog for new and changed ones. */
import { useQuery } from "@tanstack/react-query";
import { useMutation } from "@tanstack/react-query";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { useState, type ReactNode } from "react";
import { queryClient } from "@/api/client";
import { ApiError, isOverridable, messageOf } from "@/api/errors";
import { readAll } from "@/api/pages";
import { api } from "@/api/request";
import { useMay } from "@/api/session";
import type { JsonObject, Role } from "@/api/types";
import { Button, IconButton } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Empty, Failure, Notice, SkeletonRows } from "@/ui/States";
import { showDone } from "@/ui/toasts";
import { EditDialog, type SettingRow } from "./EditDialog";
import type { FormField } from "./form";

interface SettingListProps<Row extends SettingRow & object> {
  path: string;
  /** "connection": names the buttons and dialogs. */
  one: string;
  about: string;
  icon: ReactNode;
  fields?: readonly FormField[];
  nameOf: (row: Row) => string;
  show: (row: Row) => ReactNode;
  actions?: (row: Row) => ReactNode;
  removal?: { word: string; says: string };
  removable?: (row: Row) => boolean;
  /** False where a thing is only made and removed, such as a key. */
  editable?: boolean;
  /** Who may add and edit. */
  addRole?: Role;
  /** Where another role may remove. */
  removalRole?: Role;
  /** What its address ends in. */
  addressOf?: (row: Row) => string | undefined;
  /** Instead of the usual "new" button. */
  add?: ReactNode;
  onCreated?: (answer: JsonObject) => void;
}

export function SettingList<Row extends SettingRow & object>(props: SettingListProps<Row>) {
  const { path, one, about, icon, fields, nameOf, show, actions, removal, removable = () => true, editable = true, addRole = "admin", removalRole = addRole, addressOf = idOf, add, onCreated } = props;
  const may = useMay(addRole);
  const mayRemove = useMay(removalRole);
  const list = useQuery({ queryKey: [path, "all"], queryFn: ({ signal }) => readAll<Row>(path, signal) });
  const [editing, setEditing] = useState<Row | "new" | null>(null);
  const [removing, setRemoving] = useState<Row | null>(null);
  const remove = useMutation({
    mutationFn: ({ row, force }: { row: Row; force: boolean }) => api.delete(`${path}/${addressOf(row)}${force ? "?force=true" : ""}`, row.revision),
    meta: { quiet: true },
    onSuccess: () => { showDone("Done."); setRemoving(null); },
    onSettled: () => queryClient.invalidateQueries({ queryKey: [path] }),
  });
  const refused = remove.error instanceof ApiError && remove.error.status === 409;
  const inUse = isOverridable(remove.error);
  const button = may && (add ?? (fields && <Button look="primary" onClick={() => setEditing("new")}><Plus aria-hidden />New {one}</Button>));
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="max-w-4xl px-4 py-5 sm:px-6">
        {list.data?.length !== 0 && <div className="mb-4 flex flex-wrap items-center gap-3"><p className="min-w-0 flex-1 text-ink-soft">{about}</p>{button}</div>}
        {list.error ? <Failure error={list.error} onRetry={() => void list.refetch()} />
          : list.isPending ? <div className="card overflow-hidden"><SkeletonRows rows={4} /></div>
          : list.data.length === 0 ? <div className="card"><Empty icon={icon} title={`No ${one}s yet`} action={button || undefined}>{about}</Empty></div>
          : (
            <ul className="card divide-y divide-line">
              {list.data.map((row) => (
                <li key={addressOf(row)} className="flex min-h-13 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2">
                  <div className="min-w-0 shrink grow basis-56">{show(row)}</div>
                  {(may || mayRemove) && <div className="ml-auto flex items-center gap-2">
                    {may && actions?.(row)}
                    {may && fields && editable && <IconButton label={`Edit ${nameOf(row)}`} size="sm" onClick={() => setEditing(row)}><Pencil aria-hidden /></IconButton>}
                    {mayRemove && removal && removable(row) && <IconButton label={`${removal.word} ${nameOf(row)}`} size="sm" onClick={() => setRemoving(row)}><Trash2 aria-hidden /></IconButton>}
                  </div>}
                </li>
              ))}
            </ul>
          )}
      </div>
      {editing && fields && (
        <EditDialog title={editing === "new" ? `New ${one}` : `Edit “${nameOf(editing)}”`} path={path} fields={fields} row={editing === "new" ? null : editing} onClose={() => setEditing(null)}
          {...(editing === "new" && onCreated ? { onDone: onCreated } : {})} />
      )}
      {removing && removal && (
        <Confirm open title={`${removal.word} “${nameOf(removing)}”?`} action={inUse ? `${removal.word} anyway` : removal.word} danger busy={remove.isPending} impossible={refused && !inUse}
          onClose={() => { setRemoving(null); remove.reset(); }} onConfirm={() => remove.mutate({ row: removing, force: inUse })}>
          {remove.error ? <Notice title="It was not done">{messageOf(remove.error)}</Notice> : removal.says}
        </Confirm>
      )}
    </div>
  );
}

function idOf(row: SettingRow): string | undefined {
  return row.id ?? row.key;
}
