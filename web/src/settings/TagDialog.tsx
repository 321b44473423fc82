/** Gives a tag another name, for all contacts who carry it. A name that another tag has makes one tag of both. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import { isOverridable, messageOf } from "@/api/errors";
import { api } from "@/api/request";
import type { Schemas, Tag } from "@/api/types";
import { Button } from "@/ui/Button";
import { Cancel, Dialog } from "@/ui/Dialog";
import { useEdited } from "@/ui/edited";
import { Checkbox, Field, Input } from "@/ui/Field";
import { Notice } from "@/ui/States";
import { showDone } from "@/ui/toasts";
import { plural } from "@/words/numbers";
import { followJob } from "@/workflows/queries";

interface TagDialogProps { tag: Tag; others: readonly Tag[]; onClose: () => void }

export function TagDialog({ tag, others, onClose }: TagDialogProps) {
  const queryClient = useQueryClient();
  const [name, setName] = useState(tag.name);
  const [tell, setTell] = useState(false);
  const edited = useEdited(name);
  const next = name.trim();
  const merges = others.some((each) => each.name === next && each.name !== tag.name);
  const address = `/tags/${encodeURIComponent(tag.name)}`;
  const change = useMutation({
    mutationFn: (force: boolean) => {
      const workflows = tell ? "bulk" : "none";
      const asked = force ? "?force=true" : "";
      return merges
        ? api.post<Schemas["ChangedTag"]>(`${address}/merge${asked}`, { into: next, workflows })
        : api.patch<Schemas["ChangedTag"]>(`${address}${asked}`, { name: next, workflows });
    },
    meta: { quiet: true },
    onSuccess: (changed) => {
      showDone(`“${tag.name}” is “${changed.name}” now, at ${plural(changed.contacts, "contact")}${changed.job_id ? " so far" : ""}.`);
      if (changed.job_id) void followJob(changed.job_id);
      onClose();
    },
    onSettled: () => queryClient.invalidateQueries(),
  });
  const used = isOverridable(change.error);
  const verb = merges ? "Merge" : "Rename";
  const submit = (event: FormEvent) => { event.preventDefault(); change.mutate(used); };
  return (
    <Dialog open unsaved={edited} onClose={onClose} title={`Rename “${tag.name}”`} footer={<>
      <Cancel />
      <Button look="primary" type="submit" form="tag" disabled={next === "" || next === tag.name} busy={change.isPending}>{used ? `${verb} anyway` : verb}</Button>
    </>}>
      <form id="tag" onSubmit={submit} className="flex flex-col gap-4">
        <Field label="Name" hint="Every contact who carries the tag carries the new name."><Input required autoFocus maxLength={100} autoComplete="off" value={name} onChange={(event) => { setName(event.target.value); change.reset(); }} /></Field>
        {merges && <Notice tone="wait">There is a tag “{next}” already. Whoever carries either carries “{next}” then, and “{tag.name}” is gone.</Notice>}
        <Checkbox label="Let workflows start with the change" checked={tell} onChange={(event) => setTell(event.target.checked)} />
        {change.error && <Notice title="It was not done">{messageOf(change.error)}</Notice>}
      </form>
    </Dialog>
  );
}
