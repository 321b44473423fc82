/** Pipelines and their deal stages. */
import { ArrowRight, Kanban, Pencil, Plus } from "lucide-react";
import { useState } from "react";
import type { Pipeline } from "@/api/types";
import { Button, IconButton } from "@/ui/Button";
import { Pill } from "@/ui/Pill";
import { PipelineDialog } from "./PipelineDialog";
import { SettingList } from "./SettingList";

export function PipelinesTab() {
  const [editing, setEditing] = useState<Pipeline | "new" | null>(null);
  return (
    <>
      <SettingList<Pipeline> path="/pipelines" one="pipeline" icon={<Kanban aria-hidden />} about="A deal moves through the stages of its pipeline."
        add={<Button look="primary" onClick={() => setEditing("new")}><Plus aria-hidden />New pipeline</Button>}
        nameOf={(pipeline) => pipeline.name} removal={{ word: "Delete", says: "Only a pipeline without deals can be deleted." }}
        actions={(pipeline) => <IconButton label={`Edit ${pipeline.name}`} size="sm" onClick={() => setEditing(pipeline)}><Pencil aria-hidden /></IconButton>}
        show={(pipeline) => (
          <>
            <p className="flex items-center gap-2 font-medium">{pipeline.name}{pipeline.is_default && <Pill tone="accent">Default</Pill>}</p>
            <p className="flex flex-wrap items-center gap-1.5 text-sm text-ink-soft">{pipeline.stages.map((stage, index) => <span key={stage.id} className="inline-flex items-center gap-1.5">{index > 0 && <ArrowRight aria-hidden className="size-3 text-ink-faint" />}{stage.name}</span>)}</p>
          </>
        )} />
      {editing && <PipelineDialog row={editing === "new" ? null : editing} onClose={() => setEditing(null)} />}
    </>
  );
}
