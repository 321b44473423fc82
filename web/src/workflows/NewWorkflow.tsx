/** A new workflow: from an example or from nothing. It starts as a draft; nothing runs before it is published. */
import { useNavigate } from "@tanstack/react-router";
import { FilePlus2 } from "lucide-react";
import { useState } from "react";
import { messageOf } from "@/api/errors";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Cancel, Dialog } from "@/ui/Dialog";
import { Field, Input } from "@/ui/Field";
import { Notice, Skeleton } from "@/ui/States";
import { useCreate, useExamples } from "./queries";
import type { Definition, Example } from "./types";

export function NewWorkflow({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const examples = useExamples(true);
  const create = useCreate();
  const [chosen, setChosen] = useState<Example | null>(null);
  const [name, setName] = useState("");
  const title = name.trim() || chosen?.name || "";
  const submit = () => create.mutate({ name: title, definition: definitionOf(chosen, title) }, {
    onSuccess: (workflow) => {
      onClose();
      void navigate({ to: chosen ? "/workflows/$workflowId" : "/workflows/$workflowId/yaml", params: { workflowId: workflow.id } });
    },
  });
  return (
    <Dialog open wide unsaved={name.trim() !== ""} onClose={onClose} title="New workflow" description="It begins as a draft: nothing runs before you publish it."
      footer={<><Cancel /><Button look="primary" disabled={!title} busy={create.isPending} onClick={submit}>Create draft</Button></>}>
      <div className="flex flex-col gap-4">
        {create.error && <Notice title="It was not created">{messageOf(create.error)}</Notice>}
        <Field label="Name"><Input autoFocus value={name} maxLength={200} placeholder={chosen?.name ?? "Follow up on big deals"} onChange={(event) => setName(event.target.value)} /></Field>
        <div role="radiogroup" aria-label="Start from" className="grid gap-2 sm:grid-cols-2">
          <Start name="From nothing" text="A trigger to choose and no steps yet." checked={!chosen} onChoose={() => setChosen(null)} />
          {examples.isPending && <><Skeleton className="h-18" /><Skeleton className="h-18" /></>}
          {examples.data?.map((each) => <Start key={each.key} name={each.name} text={each.description ?? ""} checked={chosen?.key === each.key} onChoose={() => setChosen(each)} />)}
        </div>
        {examples.error && <p className="text-sm text-ink-faint">The examples could not be read: {messageOf(examples.error)}</p>}
      </div>
    </Dialog>
  );
}

function Start({ name, text, checked, onChoose }: { name: string; text: string; checked: boolean; onChoose: () => void }) {
  return (
    <button type="button" role="radio" aria-checked={checked} onClick={onChoose}
      className={classes("flex min-h-18 items-start gap-3 rounded-lg border p-3 text-left", checked ? "border-accent bg-accent-wash/50" : "border-line-strong hover:bg-hover")}>
      <FilePlus2 aria-hidden className={classes("mt-0.5 size-4 shrink-0", checked ? "text-accent-text" : "text-ink-faint")} />
      <span className="min-w-0"><span className="block font-medium">{name}</span><span className="line-clamp-3 text-sm text-ink-soft">{text}</span></span>
    </button>
  );
}

function definitionOf(example: Example | null, name: string): Definition {
  if (!example?.definition) return { name, trigger: { type: "contact.created" }, steps: [] };
  // A key belongs to one workflow, so the copy gets its own.
  return { ...example.definition, name, key: undefined } as Definition;
}
