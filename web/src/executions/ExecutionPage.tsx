/** One execution: how it stands, why, and what each step did; live while it runs. */
import { Link, useParams } from "@tanstack/react-router";
import { Ban, RotateCcw, TriangleAlert } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { queryClient } from "@/api/client";
import { isNowhere } from "@/api/errors";
import { useMay } from "@/api/session";
import { Lost } from "@/app/Fallbacks";
import { addressOf } from "@/app/links";
import { useTitleOf } from "@/nodes/queries";
import { Button } from "@/ui/Button";
import { Confirm } from "@/ui/Confirm";
import { Fact, Facts, Section } from "@/ui/Facts";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { Empty, Failure, Notice, SkeletonRows } from "@/ui/States";
import { Time, useNow } from "@/ui/Time";
import { codeWords } from "@/words/codes";
import { duration } from "@/words/time";
import { useWorkflowNames } from "@/workflows/queries";
import { executionKey, useAct, useExecution } from "./queries";
import { StatusPill } from "./StatusPill";
import { storyOf } from "./story";
import { useExecutionStream } from "./stream";
import { Timeline } from "./Timeline";
import { TriggerView } from "./TriggerView";
import type { ExecutionDetail } from "./types";
import { isOver, outcomeOf, reasonWords, retryWords } from "./words";

export function ExecutionPage() {
  const { executionId } = useParams({ from: "/app/executions/$executionId" });
  const read = useReadSoon(executionId);
  const stream = useExecutionStream({
    onExecutions: (rows) => { if (rows.some((row) => row.id === executionId)) read(); },
    onSteps: (steps) => { if (steps.some((step) => step.execution_id === executionId)) read(); },
    onReset: read,
  }, { execution_id: executionId });
  const { data, error, refetch } = useExecution(executionId, stream.live);
  if (error && !data) return isNowhere(error) ? <Lost /> : <Failure error={error} onRetry={() => void refetch()} />;
  if (!data) return <Page title="Execution"><SkeletonRows rows={6} /></Page>;
  return <Shown execution={data} />;
}

function Shown({ execution }: { execution: ExecutionDetail }) {
  const names = useWorkflowNames();
  const titleOf = useTitleOf();
  const workflowName = execution.workflow_name ?? names.get(execution.workflow_id) ?? "Workflow";
  const story = storyOf(execution, { workflowName, triggerTitle: titleOf(execution.trigger.type) });
  return (
    <Page title={`${workflowName}, ${execution.record?.name ?? "execution"}`} actions={<Actions execution={execution} />}
      above={<><Link to="/executions" className="hover:underline">Executions</Link> / <Link to="/workflows/$workflowId" params={{ workflowId: execution.workflow_id }} className="hover:underline">{workflowName}</Link></>}
      heading={
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 wrap-anywhere text-xl">{execution.record?.name ?? workflowName}</h1>
          <StatusPill status={execution.status} />
          {execution.test && <Pill tone="accent">Test</Pill>}
          <span className={execution.has_errors ? "flex items-center gap-1.5 text-bad" : "text-ink-soft"}>{execution.has_errors && <TriangleAlert aria-hidden className="size-4" />}{outcomeOf(execution)}</span>
        </div>
      }>
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <p className="max-w-[72ch] wrap-anywhere text-lg text-pretty text-ink-soft">{story.join(" ")}</p>
          {execution.paused_at && <Notice tone="wait" title="The workflow is paused">It has stayed where it is since then (<Time at={execution.paused_at} />); what comes for it is kept until somebody turns the workflow on again.</Notice>}
          {execution.steps.length === 0
            ? <Empty title="No step has run yet">{isOver(execution.status) ? "It ended before its first step." : "Steps appear here as a worker takes them."}</Empty>
            : <Timeline steps={execution.steps} about={execution.record} />}
        </div>
        <aside className="flex flex-col gap-4"><About execution={execution} workflowName={workflowName} /><TriggerView execution={execution} title={titleOf(execution.trigger.type)} /></aside>
      </div>
    </Page>
  );
}

function About({ execution, workflowName }: { execution: ExecutionDetail; workflowName: string }) {
  const now = useNow(1_000);
  const record = execution.record;
  const href = record ? addressOf(record.type, record.id) : undefined;
  const over = isOver(execution.status);
  return (
    <Section title="Details">
      <Facts>
        <Fact name="Workflow"><Link to="/workflows/$workflowId" params={{ workflowId: execution.workflow_id }} className="font-medium text-accent-text hover:underline">{workflowName}</Link></Fact>
        <Fact name="Version"><Link to="/workflows/$workflowId/versions" params={{ workflowId: execution.workflow_id }} className="text-accent-text hover:underline">{execution.version}</Link></Fact>
        {record && <Fact name={codeWords(record.type)}>{href ? <Link to={href} className="font-medium text-accent-text hover:underline">{record.name ?? "Open"}</Link> : record.name}</Fact>}
        <Fact name="Started"><Time at={execution.started_at} /></Fact>
        <Fact name="Finished"><Time at={execution.finished_at} fallback="Not yet" /></Fact>
        <Fact name="Working time"><span className="tabular">{duration(execution.duration_ms)}</span></Fact>
        <Fact name="Elapsed"><span className="tabular">{duration(over ? execution.elapsed_ms : Math.max(0, now - Date.parse(execution.started_at)))}</span></Fact>
        {execution.reason && <Fact name="Reason">{execution.has_errors && execution.status === "completed" ? `${outcomeOf(execution)}.` : execution.reason_text ?? reasonWords(execution.reason)}</Fact>}
      </Facts>
    </Section>
  );
}

function Actions({ execution }: { execution: ExecutionDetail }) {
  const { cancel, retry } = useAct(execution.id);
  const may = useMay("manager");
  const [asking, setAsking] = useState(false);
  if (!may) return null;
  return (
    <>
      {execution.retryable && <Button look={execution.status === "failed" ? "primary" : undefined} busy={retry.isPending} onClick={() => retry.mutate()}><RotateCcw aria-hidden />{retryWords(execution)}</Button>}
      {!isOver(execution.status) && <Button look="danger" onClick={() => setAsking(true)}><Ban aria-hidden />Cancel</Button>}
      <Confirm open={asking} title="Cancel this execution?" action="Cancel execution" danger busy={cancel.isPending} onClose={() => setAsking(false)}
        onConfirm={() => cancel.mutate(undefined, { onSettled: () => setAsking(false) })}>
        Steps that are done stay done; nothing further happens for this record here. It can go on later from where it stood.
      </Confirm>
    </>
  );
}

/** Reads the execution again, at most every 250 ms, however many messages ask for it. */
function useReadSoon(id: string): () => void {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queryClient.invalidateQueries({ queryKey: executionKey(id) });
    }, 250);
  };
}
