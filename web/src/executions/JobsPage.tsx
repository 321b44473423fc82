/** Long work that people asked for, newest first: what, by whom, and how far it is. */
import { Link, useNavigate } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useList } from "@/api/pages";
import { nameOf, useUsers } from "@/api/people";
import type { Job, Json } from "@/api/types";
import { DataTable, type Column } from "@/ui/DataTable";
import { Page } from "@/ui/Page";
import { Pill } from "@/ui/Pill";
import { Progress } from "@/ui/Progress";
import { Empty, Failure } from "@/ui/States";
import { Time } from "@/ui/Time";
import { useWorkflowNames } from "@/workflows/queries";
import { progressWords, shareDone, workWords } from "./bulk";
import { jobSearch } from "./search";
import { StopJob } from "./StopJob";

export function JobsPage() {
  const navigate = useNavigate();
  const list = useList<Job>("/jobs", {}, { refetchInterval: 2_000 });
  const users = useUsers();
  const workflows = useWorkflowNames();
  const columns = useMemo(() => columnsOf(new Map(users.data?.map((user) => [user.id, nameOf(user)])), workflows), [users.data, workflows]);
  const open = useCallback((job: Job) => void navigate({ to: "/executions", search: jobSearch(job) }), [navigate]);
  return (
    <Page title="Jobs" fills above={<Link to="/executions" className="hover:underline">Executions</Link>}>
      {list.error && list.rows.length === 0 ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : (
        <DataTable label="Jobs" columns={columns} rows={list.rows} rowKey={(row) => row.id} onOpen={open} rowHeight={52} loading={list.isLoading} onEnd={list.loadMore} loadingMore={list.isFetchingNextPage}
          empty={<Empty icon={<ListChecks aria-hidden />} title="No jobs yet">Work on many at once is listed here with its progress: retrying or cancelling all executions that match a filter, and enrolling or resuming many.</Empty>} />
      )}
    </Page>
  );
}

const TONES = { queued: "idle", running: "accent", done: "ok", failed: "bad", cancelled: "idle" } as const;

function columnsOf(users: ReadonlyMap<string, string>, workflows: ReadonlyMap<string, string>): readonly Column<Job>[] {
  return [
    { id: "name", header: "Name", width: "minmax(9rem,1.6fr)", cell: (job) => <>
      <Link to="/executions" search={jobSearch(job)} className="block truncate font-medium">{job.name}</Link>
      <span className="block truncate text-sm text-ink-faint">{workWords(job)}{inWorkflow(job.request["workflow_id"] ?? filterOf(job)["workflow_id"], workflows)}</span>
    </> },
    { id: "progress", header: "Progress", width: "minmax(8rem,1.2fr)", cell: (job) => (
      <span className="block" title={job.error ?? ""}>
        <span className="tabular block truncate text-sm">{job.error ? <span className="text-bad">{job.error}</span> : progressWords(job)}</span>
        <span className="mt-1 block"><Progress label={`${job.name}: done`} share={shareDone(job)} tone={job.state === "failed" ? "bad" : job.state === "done" ? "ok" : "accent"} /></span>
      </span>
    ) },
    { id: "state", header: "State", width: "5.5rem", from: "sm", cell: (job) => <Pill tone={TONES[job.state]} dot breathing={job.state === "running"}>{STATES[job.state]}</Pill> },
    { id: "who", header: "By", width: "minmax(6rem,1fr)", from: "md", cell: (job) => <span className="text-ink-soft">{(job.created_by && users.get(job.created_by)) ?? "A program"}</span> },
    { id: "at", header: "Started", width: "5.5rem", cell: (job) => <span className="text-ink-soft"><Time at={job.created_at} short /></span> },
    { id: "stop", header: <span className="sr-only">Stop</span>, name: "Stop", width: "5rem", align: "end", from: "sm", cell: (job) => <StopJob job={job} /> },
  ];
}

const STATES: Record<Job["state"], string> = { queued: "Queued", running: "Running", done: "Done", failed: "Failed", cancelled: "Cancelled" };

function filterOf(job: Job): Record<string, Json> {
  const filter = job.request["filter"];
  return typeof filter === "object" && filter !== null && !Array.isArray(filter) ? filter : {};
}

function inWorkflow(id: Json | undefined, workflows: ReadonlyMap<string, string>): string {
  const name = typeof id === "string" ? workflows.get(id) : undefined;
  return name ? ` of ${name}` : "";
}
