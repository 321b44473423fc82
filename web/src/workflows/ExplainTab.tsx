/** For a record and this workflow: why it entered or not, where it is, when it moves next; in words. */
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Check, MessageCircleQuestion, Play, X } from "lucide-react";
import { useMay } from "@/api/session";
import type { Json } from "@/api/types";
import { Button } from "@/ui/Button";
import { Pill } from "@/ui/Pill";
import { Empty, Failure, Skeleton } from "@/ui/States";
import { codeWords } from "@/words/codes";
import { useEnroll, useExplanation, useWorkflow } from "./queries";
import { RecordSearch, type Chosen } from "./RecordSearch";
import { useFits } from "./subject";
import type { CheckedWorkflow } from "./types";

const ENTERS_WITHIN_MS = 1_200;

export function ExplainTab() {
  const { workflowId } = useParams({ from: "/app/workflows/$workflowId" });
  const { type, record } = useSearch({ from: "/app/workflows/$workflowId/explain" });
  const navigate = useNavigate();
  const { data: workflow } = useWorkflow(workflowId);
  const chosen = type && record ? { type, id: record } : null;
  const choose = (next: Chosen | null) =>
    void navigate({ to: "/workflows/$workflowId/explain", params: { workflowId }, search: next ? { type: next.type, record: next.id } : {} });
  if (!workflow) return null;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <div className="max-w-3xl px-4 py-5 sm:px-6">
        <RecordSearch hint="Pick one, and read why it entered this workflow or why it did not." definition={workflow.definition} chosen={chosen} onChoose={choose} />
        <div className="mt-6">
          {chosen ? <Answer workflow={workflow} record={chosen} />
            : <Empty icon={<MessageCircleQuestion aria-hidden />} title="Ask about a record">The answer names the filter, the value it had, and what happens next.</Empty>}
        </div>
      </div>
    </div>
  );
}

function Answer({ workflow, record }: { workflow: CheckedWorkflow; record: Chosen }) {
  const workflowId = workflow.id;
  const fits = useFits();
  const { data, error, isPending, refetch } = useExplanation(workflowId, record);
  const enroll = useEnroll(workflowId);
  const may = useMay("member");
  if (error) return <Failure error={error} onRetry={() => void refetch()} className="!py-8" />;
  if (isPending) return <div className="flex flex-col gap-2.5" aria-busy="true"><Skeleton className="w-1/3" /><Skeleton /><Skeleton className="w-4/5" /></div>;
  const execution = data["execution_id"];
  const add = () => enroll.mutate({ record_type: record.type, record_id: record.id }, { onSuccess: () => setTimeout(() => void refetch(), ENTERS_WITHIN_MS) });
  return (
    <div className="card p-5">
      <Pill tone="accent">{codeWords(data.state)}</Pill>
      <div className="mt-3 flex flex-col gap-2 text-lg [overflow-wrap:anywhere]">{data.sentences.map((sentence) => <p key={sentence}>{sentence}</p>)}</div>
      <Clauses events={data["events"]} />
      <div className="mt-4 flex flex-wrap gap-2">
        {typeof execution === "string" && <Button asChild><Link to="/executions/$executionId" params={{ executionId: execution }}>Open the execution</Link></Button>}
        {may && workflow.status === "published" && fits(workflow.definition, record.type) && <Button busy={enroll.isPending} onClick={add}><Play aria-hidden />Enroll now</Button>}
      </div>
    </div>
  );
}

/** The filter of the last event, clause by clause: what held, what did not, and the value it had. */
function Clauses({ events }: { events: Json | undefined }) {
  const last = Array.isArray(events) ? events[0] : undefined;
  const clauses = typeof last === "object" && last !== null && !Array.isArray(last) && Array.isArray(last["clauses"]) ? last["clauses"] : [];
  if (clauses.length === 0) return null;
  return (
    <section className="mt-4 border-t border-line pt-3">
      <h3 className="mb-1.5 text-sm text-ink-faint">Its filter, with the values of that moment</h3>
      <ul className="flex flex-col gap-1">
        {clauses.map((clause, index) => typeof clause === "object" && clause !== null && !Array.isArray(clause) && (
          <li key={index} className="flex items-start gap-2">
            {clause["ok"] === true ? <Check role="img" aria-label="Holds" className="mt-0.5 size-4 shrink-0 text-ok" /> : <X role="img" aria-label="Does not hold" className="mt-0.5 size-4 shrink-0 text-bad" />}
            <span className="[overflow-wrap:anywhere]">{String(clause["reason"])}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
