/** One dialog for creating or changing any of the settings. */
import { useState, type FormEvent } from "react";
import { useMutation } from "@tanstack/react-query";
import { ApiError, isOverridable, messageOf } from "@/api/errors";
import { queryClient } from "@/api/client";
import { nameOf, useUsers } from "@/api/people";
import { api } from "@/api/request";
import type { Json, JsonObject } from "@/api/types";
import { Button } from "@/ui/Button";
import { Cancel, Dialog } from "@/ui/Dialog";
import { useEdited } from "@/ui/edited";
import { Checkbox, Field, Input, Select, Textarea } from "@/ui/Field";
import { Picker } from "@/ui/Picker";
import { Notice } from "@/ui/States";
import { showDone } from "@/ui/toasts";
import { bodyOf, draftOf, isAsked, withField, type FormField } from "./form";
import { zones } from "./zones";

export interface SettingRow { id?: string; key?: string; revision?: number }

interface EditDialogProps {
  title: string;
  path: string;
  fields: readonly FormField[];
  /** What is changed; null creates. */
  row: (SettingRow & object) | null;
  /** Sent besides the fields. */
  extra?: JsonObject;
  onClose: () => void;
  onDone?: (answer: JsonObject) => void;
  /** Instead of the usual way to create or change. */
  send?: (body: JsonObject) => Promise<JsonObject>;
}

export function EditDialog({ title, path, fields, row, extra = {}, onClose, onDone, send }: EditDialogProps) {
  const [draft, setDraft] = useState(() => draftOf(fields, row as JsonObject | null));
  const shown = fields.filter((field) => (!row || !field.onlyNew) && isAsked(field, draft));
  const save = useMutation({
    mutationFn: (force: boolean) => {
      const body = { ...bodyOf(fields, draft, row === null), ...extra };
      if (send) return send(body);
      return row ? api.patch<JsonObject>(`${path}/${row.id ?? row.key}${force ? "?force=true" : ""}`, body, row.revision) : api.post<JsonObject>(path, body);
    },
    meta: { quiet: true },
    onSuccess: (answer) => { if (onDone) onDone(answer); else showDone("Saved."); onClose(); },
    onSettled: () => queryClient.invalidateQueries({ queryKey: [path] }),
  });
  const insist = isOverridable(save.error);
  const submit = (event: FormEvent) => { event.preventDefault(); save.mutate(insist); };
  const change = (name: string, value: Json) => { setDraft((old) => withField(fields, old, name, value)); if (insist) save.reset(); };
  const error = save.error instanceof ApiError ? save.error : null;
  const errorFor = (field: FormField) => error?.for(field.name.split(".").at(-1) ?? "");
  const placed = shown.some((field) => errorFor(field));
  return (
    <Dialog open unsaved={useEdited(draft)} onClose={onClose} title={title} footer={<>
      <Cancel />
      <Button look="primary" type="submit" form="setting" busy={save.isPending}>{insist ? "Save anyway" : row ? "Save" : "Create"}</Button>
    </>}>
      <form id="setting" onSubmit={submit} className="flex flex-col gap-4">
        {save.error && !placed && <Notice title="It was not saved">{messageOf(save.error)}</Notice>}
        {shown.map((field, index) => (
          <Entry key={field.name} field={field} first={index === 0} isNew={row === null} value={draft[field.name] ?? ""} error={errorFor(field)} onChange={(value) => change(field.name, value)} />
        ))}
      </form>
    </Dialog>
  );
}

interface EntryProps { field: FormField; first: boolean; isNew: boolean; value: Json; error: string | undefined; onChange: (value: Json) => void }

function Entry({ field, first, isNew, value, error, onChange }: EntryProps) {
  if (field.kind === "check") return <Checkbox label={field.label} checked={value === true} onChange={(event) => onChange(event.target.checked)} />;
  const hint = field.secret && !isNew ? "Kept and never shown. Leave empty to keep it as it is." : field.hint;
  return (
    <Field label={field.label} hint={hint} error={error} optional={field.optional ?? false}>
      <Control field={field} first={first} required={!field.optional && !(field.secret && !isNew)} value={value} onChange={onChange} />
    </Field>
  );
}

function Control({ field, first, required, value, onChange }: { field: FormField; first: boolean; required: boolean; value: Json; onChange: (value: Json) => void }) {
  const text = Array.isArray(value) ? value.join("\n") : String(value ?? "");
  if (field.kind === "people") return <People value={Array.isArray(value) ? value.map(String) : []} onChange={onChange} />;
  if (field.kind === "zone") return <Picker choices={zones} value={text || null} none="As the account" placeholder="As the account" onChange={(zone) => onChange(zone ?? "")} />;
  if (field.kind === "lines") return <Textarea value={text} required={required} autoFocus={first} onChange={(event) => onChange(event.target.value)} />;
  if (field.kind === "select") {
    return <Select value={text} autoFocus={first} onChange={(event) => onChange(event.target.value)}>{field.options?.map(([code, label]) => <option key={code} value={code}>{label}</option>)}</Select>;
  }
  return (
    <Input type={field.kind} value={text} required={required} autoFocus={first} placeholder={field.placeholder}
      autoComplete={field.kind === "password" ? "new-password" : "off"} onChange={(event) => onChange(event.target.value)} />
  );
}

function People({ value, onChange }: { value: readonly string[]; onChange: (value: string[]) => void }) {
  const { data } = useUsers();
  return (
    <div className="flex max-h-52 flex-col gap-1 overflow-y-auto rounded-md border border-line-strong p-2.5">
      {data?.map((user) => <Checkbox key={user.id} label={nameOf(user)} checked={value.includes(user.id)} onChange={(event) => onChange(event.target.checked ? [...value, user.id] : value.filter((id) => id !== user.id))} />)}
    </div>
  );
}
