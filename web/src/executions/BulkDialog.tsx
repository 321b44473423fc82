/** Retrying or cancelling all that the list's filter matches: how many first, then under a name, as a job. */
import { useState, type FormEvent } from "react";
import { messageOf } from "@/api/errors";
import { Button } from "@/ui/Button";
import { Cancel, Dialog } from "@/ui/Dialog";
import { useEdited } from "@/ui/edited";
import { Fact, Facts } from "@/ui/Facts";
import { Field, Input, Select } from "@/ui/Field";
import { Notice, Skeleton } from "@/ui/States";
import { dateTime } from "@/words/time";
import { Choice } from "@/workflows/Choice";
import { countWords, type BulkAction, type BulkFilter } from "./bulk";
import { useBulkCount, useBulkStart } from "./bulkQueries";
import { useRecordName } from "./queries";
import { SPANS, USUAL_SPAN, type MonitorSearch } from "./search";
import { lookOf, reasonWords } from "./words";

interface BulkDialogProps {
  action: BulkAction;
  filter: BulkFilter;
  /** The filter as the address has it, to say it in words. */
  search: MonitorSearch;
  workflowName: string | undefined;
  onStarted: (job: string) => void;
  onClose: () => void;
}

const WORDS = {
  retry: { title: "Retry many executions", verb: "Retry", will: "will be retried from where each stopped; what is finished is not done again.", none: "Nothing that the filter shows can be retried." },
  cancel: { title: "Cancel many executions", verb: "Cancel", will: "will be cancelled; steps that are done stay done, and each can go on later.", none: "Nothing that the filter shows is still to be done." },
} as const;
const RATES = [["10", "Gently: 10 a second"], ["100", "Usual: 100 a second"], ["1000", "Fast: 1,000 a second"]] as const;

export function BulkDialog({ action, filter, search, workflowName, onStarted, onClose }: BulkDialogProps) {
  const words = WORDS[action];
  const found = useBulkCount(action, filter);
  const start = useBulkStart(action, filter);
  const [name, setName] = useState("");
  const [rate, setRate] = useState("100");
  const [latest, setLatest] = useState(false);
  const edited = useEdited(name);
  const none = found.data?.count === 0;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    start.mutate({ name: name.trim(), rate: Number(rate), latest }, { onSuccess: (job) => { onClose(); onStarted(job.id); } });
  };
  return (
    <Dialog open unsaved={edited} onClose={onClose} title={words.title} footer={<>
      <Cancel>{none ? "Close" : "Keep as they are"}</Cancel>
      {!none && <Button look={action === "cancel" ? "destroy" : "primary"} type="submit" form="bulk" disabled={!found.data || name.trim() === ""} busy={start.isPending}>{words.verb}{found.data ? ` ${countWords(found.data)}` : ""}</Button>}
    </>}>
      <form id="bulk" onSubmit={submit} className="flex flex-col gap-4">
        <div role="status" className="rounded-lg bg-sunken px-4 py-3">
          {found.error ? <p className="text-bad">{messageOf(found.error)}</p>
            : !found.data ? <span className="flex flex-col gap-2 py-1" aria-busy="true"><Skeleton className="h-5 w-16" /><Skeleton className="w-2/3" /></span>
            : <><p className="tabular text-2xl font-semibold tracking-tight">{countWords(found.data)}</p><p className="text-ink-soft">{none ? words.none : `${found.data.count === 1 && !found.data.more ? "execution" : "executions"} ${words.will}`}</p></>}
        </div>
        <Scope filter={filter} search={search} workflowName={workflowName} />
        {!none && <>
          <Field label="Name of the incident" hint="It stands in the log of each execution, for whoever asks later why this was done."><Input required autoFocus maxLength={200} autoComplete="off" value={name} placeholder="Mail server was down" onChange={(event) => setName(event.target.value)} /></Field>
          {action === "retry" && (
            <fieldset className="flex flex-col gap-2">
              <legend className="mb-1 text-sm font-medium text-ink-soft">On which version</legend>
              <Choice group="version" name="The one each began with" checked={!latest} onChoose={() => setLatest(false)}>For a cause outside, such as a server that was down.</Choice>
              <Choice group="version" name="The latest" checked={latest} onChoose={() => setLatest(true)}>For a mistake in the workflow that is mended and published.</Choice>
            </fieldset>
          )}
          <Field label="Speed" hint="Slower spares what the steps call."><Select value={rate} onChange={(event) => setRate(event.target.value)}>{RATES.map(([value, label]) => <option key={value} value={value}>{label}</option>)}</Select></Field>
        </>}
        {start.error && <Notice title="It was not started">{messageOf(start.error)}</Notice>}
      </form>
    </Dialog>
  );
}

/** What the filter says, name by name. */
function Scope({ filter, search, workflowName }: Pick<BulkDialogProps, "filter" | "search" | "workflowName">) {
  const recordName = useRecordName(filter.record_id);
  return (
    <Facts>
      <Fact name="Workflow">{filter.workflow_id ? workflowName ?? "One workflow" : "Every workflow"}</Fact>
      <Fact name="Status">{filter.status ? lookOf(filter.status).label : "Not ended"}</Fact>
      {filter.reason && <Fact name="Reason">{reasonWords(filter.reason)}</Fact>}
      {filter.record_id && <Fact name="Record">{recordName ?? "One record"}</Fact>}
      <Fact name="Started">{search.from ? `${dateTime(search.from)}${search.to ? ` – ${dateTime(search.to)}` : " or later"}` : SPANS[search.span ?? USUAL_SPAN]}</Fact>
    </Facts>
  );
}
