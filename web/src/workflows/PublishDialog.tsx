/** What publishing will do, in words, before it is done: changes, problems, a note, and whom it starts with. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ApiError, messageOf } from "@/api/errors";
import { Button } from "@/ui/Button";
import { Cancel, Dialog } from "@/ui/Dialog";
import { useEdited } from "@/ui/edited";
import { Field, Textarea } from "@/ui/Field";
import { Failure, Notice, Skeleton } from "@/ui/States";
import { showDone } from "@/ui/toasts";
import { plural } from "@/words/numbers";
import { Choice } from "./Choice";
import { problemWords } from "./diagnostics";
import { followJob, usePlan, usePublish } from "./queries";
import type { Plan, Workflow } from "./types";

interface PublishDialogProps { workflow: Workflow; onClose: () => void; /** An older version to publish again, instead of the draft. */ version?: number }

export function PublishDialog({ workflow, onClose, version }: PublishDialogProps) {
  const plan = usePlan(workflow.id, version, true);
  const publish = usePublish(workflow.id);
  const [note, setNote] = useState(version ? `Back to version ${version}` : "");
  const [enroll, setEnroll] = useState(false);
  const errors = plan.data?.problems.filter((each) => each.severity !== "warning") ?? [];
  const submit = () => publish.mutate(
    { hash: plan.data?.hash, note: note.trim(), enroll_existing: enroll, ...(version ? { version } : {}) },
    { onSuccess: (answer) => { showDone(`${workflow.name} is on.`); if (answer.job_id) void followJob(answer.job_id); onClose(); } },
  );
  return (
    <Dialog open wide unsaved={useEdited(note)} onClose={onClose} title={version ? `Publish version ${version} again` : workflow.published_version !== null ? "Publish changes" : "Turn on for the first time"}
      description={workflow.published_version !== null ? "Executions that already run stay on their version." : "From then on it starts by itself, whenever its trigger happens."} footer={<>
        <Cancel />
        <Button look="primary" disabled={!plan.data || errors.length > 0} busy={publish.isPending} onClick={submit}>{enroll ? "Publish and enroll" : "Publish"}</Button>
      </>}>
      {plan.error ? <Failure error={plan.error} onRetry={() => void plan.refetch()} className="!py-6" />
        : !plan.data ? <div className="flex flex-col gap-3 py-4" aria-busy="true"><Skeleton className="w-2/3" /><Skeleton className="w-1/2" /><Skeleton className="w-3/4" /></div>
        : (
          <div className="flex flex-col gap-5">
            <Problems plan={plan.data} workflow={workflow} onClose={onClose} />
            <Diff plan={plan.data} />
            <Field label="Version note" hint="What changed and why; shown in the history." optional>
              <Textarea value={note} rows={2} maxLength={500} onChange={(event) => setNote(event.target.value)} />
            </Field>
            <fieldset className="flex flex-col gap-2">
              <legend className="mb-1 text-sm font-medium text-ink-soft">Whom it starts with</legend>
              <Choice group="enroll" name="Only new matches" checked={!enroll} onChoose={() => setEnroll(false)}>What happens from now on.</Choice>
              {plan.data.matching_known
                ? (
                  <Choice group="enroll" name={`Enroll the ${plan.data.matching_more ? "10,000+ records" : plural(plan.data.matching, "record")} that match now`} checked={enroll} disabled={plan.data.matching === 0} onChoose={() => setEnroll(true)}>
                    {plan.data.matching ? "And then every new match. Each is enrolled once." : "No record matches at this moment."}
                  </Choice>
                )
                : <p className="text-sm text-ink-faint">With this trigger it cannot be told which records match now, so it starts with new events only.</p>}
            </fieldset>
            {publish.error && <PublishFailure error={publish.error} onReplan={() => { publish.reset(); void plan.refetch(); }} />}
          </div>
        )}
    </Dialog>
  );
}

function Problems({ plan, workflow, onClose }: { plan: Plan; workflow: Workflow; onClose: () => void }) {
  if (plan.problems.length === 0) return null;
  const aboutConnection = plan.problems.some((each) => /connection/i.test(each.message));
  return (
    <Notice title={`${plural(plan.problems.length, "thing")} to settle first`}>
      <ul className="mt-1 flex flex-col gap-1">
        {plan.problems.map((each) => <li key={each.path + each.message}>{problemWords(each)} <code className="text-xs opacity-75">{each.path}</code></li>)}
      </ul>
      <p className="mt-2 flex gap-4 font-medium">
        <Link to="/workflows/$workflowId/yaml" params={{ workflowId: workflow.id }} onClick={onClose} className="underline">Edit the definition</Link>
        {aboutConnection && <Link to="/settings/connections" onClick={onClose} className="underline">Open connections</Link>}
      </p>
    </Notice>
  );
}

function Diff({ plan }: { plan: Plan }) {
  const changes = plan.diff;
  return (
    <section>
      <h3 className="mb-1 text-sm text-ink-soft">What changes</h3>
      {changes.length === 0 ? <p className="text-ink-faint">Nothing differs from the version that is on.</p> : (
        <ul className="list-disc pl-5 marker:text-ink-faint">{changes.map((each, index) => <li key={index}>{each}</li>)}</ul>
      )}
    </section>
  );
}

function PublishFailure({ error, onReplan }: { error: unknown; onReplan: () => void }) {
  const stale = error instanceof ApiError && (error.status === 409 || error.status === 412);
  return (
    <Notice title={stale ? "It changed since you opened this" : "It was not published"} action={stale ? <Button size="sm" onClick={onReplan}>Look again</Button> : undefined}>
      {messageOf(error)}
    </Notice>
  );
}
