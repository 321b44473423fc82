/** Turning a paused workflow on again: what waits for that, and what becomes of it. */
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Cancel, Dialog } from "@/ui/Dialog";
import { Failure, Skeleton } from "@/ui/States";
import { showDone } from "@/ui/toasts";
import { Time } from "@/ui/Time";
import { plural } from "@/words/numbers";
import { Choice } from "./Choice";
import { useHeldExecutions, useResume, type Overdue } from "./queries";
import type { Workflow } from "./types";

const CHOICES: readonly { overdue: Overdue; name: string; words: string }[] = [
  { overdue: "run", name: "Go on now", words: "Their waits are over. They go on one after the other, spread over a while, so that no wave of emails leaves at once." },
  { overdue: "reschedule", name: "Wait as much longer as it was paused", words: "The pause does not count: each goes on as long after now as it would have after the pause began." },
  { overdue: "skip", name: "Skip what was due", words: "The step after the delay, or the steps of the timeout, are left out; the rest goes on." },
];

export function ResumeDialog({ workflow, onClose }: { workflow: Workflow; onClose: () => void }) {
  const held = useHeldExecutions(workflow.id);
  const resume = useResume();
  const [overdue, setOverdue] = useState<Overdue>("run");
  const submit = () => resume.mutate({ id: workflow.id, overdue }, { onSuccess: () => { showDone(`${workflow.name} is on.`); onClose(); } });
  return (
    <Dialog open onClose={onClose} title={`Turn “${workflow.name}” on again`} description="From now on it starts by itself again; what happened meanwhile starts nothing." footer={<>
      <Cancel>Keep it paused</Cancel>
      <Button look="primary" disabled={!held.data} busy={resume.isPending} onClick={submit}>Turn on</Button>
    </>}>
      {held.error ? <Failure error={held.error} onRetry={() => void held.refetch()} className="!py-6" />
        : !held.data ? <div className="flex flex-col gap-3 py-4" aria-busy="true"><Skeleton className="w-2/3" /><Skeleton className="w-1/2" /></div>
        : (
          <div className="flex flex-col gap-4">
            <p className="text-ink-soft">
              {held.data.parked === 0 ? "No execution waits in it." : <>
                {counted(held.data.parked, "execution")} stayed where {held.data.parked === 1 ? "it was" : "they were"}{held.data.paused_at && <> when it was paused, <Time at={held.data.paused_at} /></>}.
              </>}
              {held.data.news > 0 && ` For ${counted(held.data.news, "of them", "of them")} something came; that is handled now.`}
              {held.data.parked > 0 && held.data.overdue === 0 && " No wait was over meanwhile, so nothing is overdue."}
            </p>
            {held.data.overdue > 0 && (
              <fieldset className="flex flex-col gap-2">
                <legend className="mb-1 text-sm font-medium text-ink-soft">{counted(held.data.overdue, "wait")} {held.data.overdue === 1 ? "was" : "were"} over while it was paused</legend>
                {CHOICES.map((each) => <Choice key={each.overdue} group="overdue" name={each.name} checked={overdue === each.overdue} onChoose={() => setOverdue(each.overdue)}>{each.words}</Choice>)}
              </fieldset>
            )}
          </div>
        )}
    </Dialog>
  );
}

/** Counting stops at 10,000. */
function counted(n: number, one: string, many?: string): string {
  return n >= 10_000 ? `10,000+ ${many ?? `${one}s`}` : many ? `${n} ${many}` : plural(n, one);
}
