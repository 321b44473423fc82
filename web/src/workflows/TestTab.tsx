/** What the draft would do with a record: the filter ticked clause by clause, then every step. Nothing is done. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Check, FlaskConical, X } from "lucide-react";
import { useState } from "react";
import { api } from "@/api/request";
import { StatusPill } from "@/executions/StatusPill";
import { Timeline } from "@/executions/Timeline";
import { Section } from "@/ui/Facts";
import { Empty, Failure, Notice, SkeletonRows } from "@/ui/States";
import { dateTime } from "@/words/time";
import { useWorkflow } from "./queries";
import { RecordSearch, type Chosen } from "./RecordSearch";
import type { Rehearsal } from "./types";

export function TestTab() {
  const { workflowId } = useParams({ from: "/app/workflows/$workflowId" });
  const { data: workflow } = useWorkflow(workflowId);
  const [chosen, setChosen] = useState<Chosen | null>(null);
  if (!workflow) return null;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="max-w-3xl px-4 py-5 sm:px-6">
        <RecordSearch hint="The draft is tried on it as it is now. Nothing is changed or sent, and nothing is counted." definition={workflow.definition} chosen={chosen} onChoose={setChosen} />
        <div className="mt-6">
          {chosen ? <Answer workflowId={workflowId} record={chosen} />
            : <Empty icon={<FlaskConical aria-hidden />} title="Try the draft on a record">You see whether it would enter, and what each step would do, with waits skipped through.</Empty>}
        </div>
      </div>
    </div>
  );
}

function Answer({ workflowId, record }: { workflowId: string; record: Chosen }) {
  const { data: workflow } = useWorkflow(workflowId);
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ["/workflows", "test", workflowId, workflow?.revision, record],
    queryFn: () => api.post<Rehearsal>(`/workflows/${workflowId}/test`, { record_type: record.type, record_id: record.id }),
    staleTime: 0, gcTime: 0, refetchOnWindowFocus: false, retry: false,
  });
  if (error) return <Failure error={error} onRetry={() => void refetch()} className="!py-8" />;
  if (isPending) return <SkeletonRows rows={4} />;
  return (
    <div className="flex flex-col gap-5">
      <Filter filter={data.filter} />
      <Section title="What it would do" action={<StatusPill status={data.status} />}>
        {data.steps.length === 0 ? <p className="text-ink-faint">There are no steps yet.</p> : <Timeline steps={data.steps} about={data.record} />}
        <p className="text-ink-soft">{data.reason_text}{data.ends_at && ` It would end on ${dateTime(data.ends_at)}.`}</p>
      </Section>
    </div>
  );
}

function Filter({ filter }: { filter: Rehearsal["filter"] }) {
  if (filter.clauses.length === 0 && filter.passes) return <Notice tone="ok">It would enter: the trigger has no filter.</Notice>;
  return (
    <Section title={filter.passes ? "It would enter" : "It would not enter by itself"}>
      {filter.miss && <p className="mb-2 text-ink-soft">{filter.miss}</p>}
      <ul className="flex flex-col gap-1.5">
        {filter.clauses.map((clause) => (
          <li key={clause.place} className="flex items-start gap-2">
            {clause.ok ? <Check role="img" aria-label="Yes:" className="mt-0.5 size-4 shrink-0 text-ok" /> : <X role="img" aria-label="No:" className="mt-0.5 size-4 shrink-0 text-bad" />}
            <span className="min-w-0">{clause.reason}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
