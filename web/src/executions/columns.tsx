/** The columns of the monitor. */
import { Link } from "@tanstack/react-router";
import { TriangleAlert } from "lucide-react";
import { addressOf } from "@/app/links";
import { classes } from "@/ui/classes";
import type { Column } from "@/ui/DataTable";
import { useNow, Time } from "@/ui/Time";
import { codeWords } from "@/words/codes";
import { duration } from "@/words/time";
import { StatusPill } from "./StatusPill";
import type { Execution } from "./types";
import { isOver, standingOf } from "./words";

interface Naming {
  workflowName: (id: string) => string | undefined;
  titleOf: (type: string) => string;
  withWorkflow: boolean;
  /** Where rows can be chosen. */
  picking?: { chosen: ReadonlySet<string>; onPick: (row: Execution) => void } | undefined;
}

export function monitorColumns({ workflowName, titleOf, withWorkflow, picking }: Naming): readonly Column<Execution>[] {
  const nameOf = (row: Execution) => row.workflow_name ?? workflowName(row.workflow_id) ?? "Workflow";
  const workflow: Column<Execution> = {
    id: "workflow", header: "Workflow", width: "minmax(8rem,1.6fr)", from: "sm",
    cell: (row) => <><span className="font-medium">{nameOf(row)}</span><span className="ml-1.5 text-sm text-ink-faint">v{row.version}</span></>,
  };
  const pick: Column<Execution> = {
    id: "pick", header: <span className="sr-only">Choose</span>, name: "Choose", width: "1.25rem", from: "sm",
    cell: (row) => <label className="-m-2.5 flex p-2.5"><input type="checkbox" aria-label={`Choose ${nameOf(row)}${row.record?.name ? ` for ${row.record.name}` : ""}`} checked={picking?.chosen.has(row.id) ?? false} onChange={() => picking?.onPick(row)} className="tick" /></label>,
  };
  return [
    ...(picking ? [pick] : []),
    {
      id: "status", header: "Status", width: "7.5rem",
      cell: (row) => <span className="flex items-center gap-1.5">
        <Link to="/executions/$executionId" params={{ executionId: row.id }} aria-label={`${row.status}: ${nameOf(row)}${row.record?.name ? ` for ${row.record.name}` : ""}`} className="inline-block rounded-full">
          <StatusPill status={row.status} />
        </Link>
        {row.has_errors && <FailedStep className="md:hidden" />}
      </span>,
    },
    ...(withWorkflow ? [workflow] : []),
    { id: "record", header: "Record", width: "minmax(7rem,1.3fr)", cell: (row) => <><RecordLink row={row} />{withWorkflow && <span className="block truncate text-xs text-ink-faint sm:hidden">{nameOf(row)}</span>}</> },
    { id: "trigger", header: "Trigger", width: "minmax(8rem,1fr)", from: "lg", cell: (row) => <span className="text-ink-soft">{titleOf(row.trigger.type)}</span> },
    { id: "started", header: "Started", width: "5.5rem", cell: (row) => <span className="text-ink-soft"><Time at={row.started_at} short /></span> },
    { id: "duration", header: "Duration", width: "5.5rem", align: "end", from: "md", cell: (row) => <Spent row={row} /> },
    {
      id: "outcome", header: "Outcome", width: "minmax(9rem,1.5fr)", from: "md",
      cell: (row) => (
        <span className="flex min-w-0 items-center gap-1.5 text-ink-soft">
          {row.has_errors && <FailedStep />}
          <Outcome row={row} />
        </span>
      ),
    },
  ];
}

function FailedStep({ className }: { className?: string }) {
  return <TriangleAlert role="img" aria-label="Has a failed step" className={classes("size-3.5 shrink-0 text-bad", className)} />;
}

function RecordLink({ row }: { row: Execution }) {
  if (!row.record) return <span className="text-ink-faint">No record</span>;
  const words = row.record.name || codeWords(row.record.type);
  const href = addressOf(row.record.type, row.record.id);
  return href ? <Link to={href} className="hover:underline">{words}</Link> : <>{words}</>;
}

function Outcome({ row }: { row: Execution }) {
  return <span className="truncate">{standingOf(row, useNow(30_000))}</span>;
}

function Spent({ row }: { row: Execution }) {
  const now = useNow(1_000);
  if (isOver(row.status)) return <span title={`${duration(row.elapsed_ms)} from start to end`}>{duration(row.duration_ms)}</span>;
  return <span className="text-ink-faint">{duration(Math.max(0, now - Date.parse(row.started_at)))}</span>;
}
