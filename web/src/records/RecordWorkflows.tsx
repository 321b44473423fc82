/** Which workflows a record is in now and what comes next, which it went through, and why others did not start. */
import { Link } from "@tanstack/react-router";
import { MessageCircleQuestion, Zap } from "lucide-react";
import { useList } from "@/api/pages";
import type { RecordRef } from "@/api/types";
import { useExecution } from "@/executions/queries";
import { StatusPill } from "@/executions/StatusPill";
import type { Execution } from "@/executions/types";
import { isOver, outcomeOf } from "@/executions/words";
import { Button } from "@/ui/Button";
import { Empty, Failure, SkeletonRows } from "@/ui/States";
import { Time } from "@/ui/Time";
import { plural } from "@/words/numbers";
import { absoluteTime } from "@/words/time";
import { useWorkflows } from "@/workflows/queries";
import { useFits } from "@/workflows/subject";

export function RecordWorkflows({ record }: { record: RecordRef }) {
  const list = useList<Execution>("/executions", { record_id: record.id }, { limit: 100 });
  const workflows = useWorkflows();
  const fits = useFits();
  if (list.error && list.rows.length === 0) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  if (list.isLoading) return <SkeletonRows rows={4} />;
  const now = list.rows.filter((row) => !isOver(row.status));
  const over = list.rows.filter((row) => isOver(row.status));
  const others = (workflows.data ?? []).filter((each) => each.status === "published" && fits(each.definition, record.type) && !list.rows.some((row) => row.workflow_id === each.id));
  return (
    <div className="flex flex-col gap-6">
      <section aria-label="Now">
        <h2 className="mb-2 text-lg">{now.length === 0 ? "In no workflow now" : `In ${plural(now.length, "workflow")} now`}</h2>
        {now.length === 0
          ? over.length === 0 && <Empty icon={<Zap aria-hidden />} title="No workflow has started with this record" action={<Button asChild><Link to="/workflows">Open workflows</Link></Button>}>Below, “Why not?” says for each workflow what kept it from starting.</Empty>
          : <ul className="card divide-y divide-line">{now.map((row) => <li key={row.id}><Going execution={row} record={record} /></li>)}</ul>}
      </section>
      {over.length > 0 && (
        <section aria-label="Before">
          <h2 className="mb-2 text-lg">Before</h2>
          <ul className="card divide-y divide-line">
            {over.map((row) => (
              <li key={row.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
                <Link to="/executions/$executionId" params={{ executionId: row.id }} className="min-w-0 flex-1 truncate font-medium hover:underline">{row.workflow_name ?? "Workflow"}</Link>
                <StatusPill status={row.status} />
                <span className="hidden text-ink-soft sm:inline">{outcomeOf(row)}</span>
                <span className="w-24 text-right text-sm text-ink-faint"><Time at={row.started_at} /></span>
              </li>
            ))}
          </ul>
          {list.hasNextPage && <Button className="mt-3" busy={list.isFetchingNextPage} onClick={list.loadMore}>Show earlier</Button>}
        </section>
      )}
      {others.length > 0 && (
        <section aria-label="Others">
          <h2 className="mb-2 text-lg">Did not start</h2>
          <ul className="card divide-y divide-line">
            {others.map((workflow) => (
              <li key={workflow.id} className="flex items-center gap-3 px-4 py-2">
                <span className="min-w-0 flex-1"><Link to="/workflows/$workflowId" params={{ workflowId: workflow.id }} className="block truncate font-medium hover:underline">{workflow.name}</Link><span className="block truncate text-sm text-ink-faint">{workflow.trigger_summary}</span></span>
                <WhyLink workflowId={workflow.id} record={record}>Why not?</WhyLink>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

function Going({ execution, record }: { execution: Execution; record: RecordRef }) {
  const { data } = useExecution(execution.id, true);
  const at = data?.steps.findLast((step) => step.status === "waiting" || step.status === "running" || step.status === "pending");
  const next = data?.next_at ?? execution.next_at;
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-3">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-2"><Link to="/executions/$executionId" params={{ executionId: execution.id }} className="font-medium hover:underline">{execution.workflow_name ?? "Workflow"}</Link><StatusPill status={execution.status} /></div>
        <p className="text-ink-soft">
          {at ? <>At “{at.title}”.</> : "Between two steps."}
          {next && <> Next: <span className="font-medium text-ink"><Time at={next} /></span>, {absoluteTime(next)}.</>}
        </p>
      </div>
      <WhyLink workflowId={execution.workflow_id} record={record}>Explain</WhyLink>
    </div>
  );
}

function WhyLink({ workflowId, record, children }: { workflowId: string; record: RecordRef; children: string }) {
  return <Button asChild look="quiet" size="sm"><Link to="/workflows/$workflowId/explain" params={{ workflowId }} search={{ type: record.type, record: record.id }}><MessageCircleQuestion aria-hidden />{children}</Link></Button>;
}
