/** Pipelines and their deal stages. */
import { ArrowRight } from "lucide-react";
import type { Pipeline } from "@/api/types";
import { Pill } from "@/ui/Pill";
import { SettingList } from "./SettingList";

export function PipelinesTab() {
  return (
    <SettingList<Pipeline> path="/pipelines" one="pipeline" about="A deal moves through the stages of its pipeline."
      fields={[{ name: "name", label: "Name", kind: "text" }, { name: "key", label: "Key", kind: "text", onlyNew: true, follows: "name", hint: "Small letters, digits and dashes; it never changes.", placeholder: "partners" }]}
      nameOf={(pipeline) => pipeline.name} removal={{ word: "Delete", says: "Only a pipeline without deals can be deleted." }}
      show={(pipeline) => (
        <>
          <p className="flex items-center gap-2 font-medium">{pipeline.name}{pipeline.is_default && <Pill tone="accent">Default</Pill>}</p>
          <p className="flex flex-wrap items-center gap-1.5 text-sm text-ink-soft">{pipeline.stages?.map((stage, index) => <span key={stage.id} className="inline-flex items-center gap-1.5">{index > 0 && <ArrowRight aria-hidden className="size-3 text-ink-faint" />}{stage.name}</span>)}</p>
        </>
      )} />
  );
}
