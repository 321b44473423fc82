/** How a workflow stands, as a dot with a word, and the switch that changes it. */
import { useState } from "react";
import { useMay } from "@/api/session";
import { Dot, Pill, type Tone } from "@/ui/Pill";
import { Switch } from "@/ui/Switch";
import { showDone } from "@/ui/toasts";
import { PublishDialog } from "./PublishDialog";
import { usePause, useResume } from "./queries";
import { ResumeDialog } from "./ResumeDialog";
import type { Workflow, WorkflowStatus } from "./types";

const LOOKS: Record<WorkflowStatus, { label: string; tone: Tone }> = {
  published: { label: "On", tone: "ok" }, paused: { label: "Paused", tone: "wait" },
  draft: { label: "Draft", tone: "idle" }, archived: { label: "Archived", tone: "idle" },
};

export function WorkflowPill({ status }: { status: WorkflowStatus }) {
  const { label, tone } = LOOKS[status];
  return <Pill tone={tone} dot>{label}</Pill>;
}

export function WorkflowDot({ status }: { status: WorkflowStatus }) {
  const { label, tone } = LOOKS[status];
  return <span title={label} className="inline-flex"><Dot tone={tone} hollow={status === "draft" || status === "archived"} /><span className="sr-only">{label}. </span></span>;
}

/** On and off. What was never published opens the publish dialog first; what was paused asks if executions wait in it. */
export function OnOff({ workflow }: { workflow: Workflow }) {
  const may = useMay("manager");
  const pause = usePause();
  const [asking, setAsking] = useState<"publish" | "resume" | null>(null);
  const resume = useResume();
  const on = pause.isPending ? false : resume.isPending ? true : workflow.status === "published";
  const change = (next: boolean) => {
    if (!next) pause.mutate(workflow.id);
    else if (workflow.status !== "paused") setAsking("publish");
    else if (workflow.stats.active > 0) setAsking("resume");
    else resume.mutate({ id: workflow.id, overdue: "run" }, { onSuccess: () => showDone("On again.") });
  };
  return (
    <>
      <Switch label={`${workflow.name} is ${on ? "on" : "off"}`} checked={on} disabled={!may || workflow.status === "archived"} onChange={change} />
      {asking === "publish" && <PublishDialog workflow={workflow} onClose={() => setAsking(null)} />}
      {asking === "resume" && <ResumeDialog workflow={workflow} onClose={() => setAsking(null)} />}
    </>
  );
}
