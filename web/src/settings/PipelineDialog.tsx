/** A pipeline and its stages in order. A stage keeps its key when it is renamed, so deals stay in it. */
import { useMutation } from "@tanstack/react-query";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useState, type FormEvent } from "react";
import { queryClient } from "@/api/client";
import { ApiError, messageOf } from "@/api/errors";
import { api } from "@/api/request";
import type { Pipeline } from "@/api/types";
import { Button, IconButton } from "@/ui/Button";
import { Cancel, Dialog } from "@/ui/Dialog";
import { useEdited } from "@/ui/edited";
import { Checkbox, Field, Input } from "@/ui/Field";
import { Notice } from "@/ui/States";
import { showDone } from "@/ui/toasts";
import { keyOf } from "./form";

interface StageDraft { key: string | null; name: string; probability: number }
const USUAL: readonly StageDraft[] = [{ key: null, name: "New", probability: 10 }, { key: null, name: "Qualified", probability: 40 }, { key: null, name: "Proposal", probability: 70 }];

export function PipelineDialog({ row, onClose }: { row: Pipeline | null; onClose: () => void }) {
  const [name, setName] = useState(row?.name ?? "");
  const [isDefault, setDefault] = useState(row?.is_default ?? false);
  const [stages, setStages] = useState<readonly StageDraft[]>(() => row?.stages.map(({ key, name: label, probability = 0 }) => ({ key, name: label, probability })) ?? USUAL);
  const save = useMutation({
    mutationFn: () => {
      const body = { name: name.trim(), is_default: isDefault, stages: withKeys(stages) };
      return row ? api.patch(`/pipelines/${row.id}`, body, row.revision) : api.post("/pipelines", { ...body, key: keyOf(name) });
    },
    meta: { quiet: true },
    onSuccess: () => { showDone("Saved."); onClose(); },
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["/pipelines"] }),
  });
  const change = (index: number, part: Partial<StageDraft>) => setStages(stages.map((each, at) => (at === index ? { ...each, ...part } : each)));
  return (
    <Dialog open wide unsaved={useEdited([name, isDefault, stages])} onClose={onClose} title={row ? `Edit “${row.name}”` : "New pipeline"} footer={<><Cancel /><Button look="primary" type="submit" form="pipeline" busy={save.isPending}>{row ? "Save" : "Create"}</Button></>}>
      <form id="pipeline" className="flex flex-col gap-4" onSubmit={(event: FormEvent) => { event.preventDefault(); save.mutate(); }}>
        {save.error && <Notice title="It was not saved">{messageOf(save.error)}</Notice>}
        <Field label="Name" error={save.error instanceof ApiError ? save.error.for("name") : undefined}><Input required value={name} maxLength={200} onChange={(event) => setName(event.target.value)} /></Field>
        <Checkbox label="New deals go here unless they say otherwise" checked={isDefault} onChange={(event) => setDefault(event.target.checked)} />
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-1 text-sm font-medium text-ink-soft">Stages, first to last, with the chance of winning</legend>
          {stages.map((stage, index) => (
            <div key={stage.key ?? `new ${index}`} className="flex items-center gap-1.5">
              <Input aria-label={`Stage ${index + 1}`} required value={stage.name} onChange={(event) => change(index, { name: event.target.value })} />
              <Input aria-label={`Chance of stage ${index + 1} in percent`} type="number" min={0} max={100} className="!w-20" value={stage.probability} onChange={(event) => change(index, { probability: Number(event.target.value) })} />
              <IconButton label={`Move ${stage.name} up`} size="sm" disabled={index === 0} onClick={() => setStages(swapped(stages, index, index - 1))}><ArrowUp aria-hidden /></IconButton>
              <IconButton label={`Move ${stage.name} down`} size="sm" disabled={index === stages.length - 1} onClick={() => setStages(swapped(stages, index, index + 1))}><ArrowDown aria-hidden /></IconButton>
              <IconButton label={`Remove ${stage.name}`} size="sm" disabled={stages.length === 1} onClick={() => setStages(stages.filter((_, at) => at !== index))}><Trash2 aria-hidden /></IconButton>
            </div>
          ))}
          <Button look="quiet" className="self-start" onClick={() => setStages([...stages, { key: null, name: "", probability: 0 }])}><Plus aria-hidden />Add a stage</Button>
        </fieldset>
      </form>
    </Dialog>
  );
}

function swapped(stages: readonly StageDraft[], one: number, other: number): StageDraft[] {
  const next = [...stages];
  const [a, b] = [next[one], next[other]];
  if (a && b) { next[one] = b; next[other] = a; }
  return next;
}

function withKeys(stages: readonly StageDraft[]) {
  const taken = new Set(stages.map((each) => each.key).filter((key) => key !== null));
  return stages.map(({ key, name, probability }) => {
    let own = key ?? (keyOf(name) || "stage");
    for (let number = 2; key === null && taken.has(own); number++) own = `${keyOf(name)}-${number}`;
    taken.add(own);
    return { key: own, name: name.trim(), probability };
  });
}
