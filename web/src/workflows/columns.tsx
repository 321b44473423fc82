/** The columns of the workflows list. */
import { Link } from "@tanstack/react-router";
import { nameOf } from "@/api/people";
import type { User } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import { Chip } from "@/ui/Pill";
import type { Column } from "@/ui/DataTable";
import { Tip } from "@/ui/Tip";
import { Time } from "@/ui/Time";
import { count } from "@/words/numbers";
import { OnOff, WorkflowDot } from "./status";
import type { Workflow } from "./types";

export function workflowColumns(users: ReadonlyMap<string, User>): readonly Column<Workflow>[] {
  return [
    { id: "name", header: "Name", width: "minmax(10rem,1.4fr)", cell: (row) => <Name row={row} /> },
    { id: "on", header: "On", width: "2.5rem", cell: (row) => <OnOff workflow={row} /> },
    { id: "trigger", header: "Starts", width: "minmax(12rem,2.2fr)", from: "md", cell: (row) => <span className="text-ink-soft" title={row.trigger_summary ?? ""}>{row.trigger_summary ?? "Nothing yet"}</span> },
    { id: "active", header: "Active", width: "4.5rem", align: "end", from: "sm", cell: (row) => <Figure row={row} value={row.stats?.active ?? 0} status="waiting" /> },
    { id: "total", header: "Total", width: "5rem", align: "end", from: "sm", cell: (row) => <Figure row={row} value={row.stats?.total ?? 0} /> },
    { id: "errors", header: <span title="Failed executions in the last 7 days">Errors, 7 d</span>, name: "Errors in 7 days", width: "5.5rem", align: "end", from: "md", cell: (row) => <Errors row={row} /> },
    { id: "last", header: "Last run", width: "6rem", from: "lg", cell: (row) => <span className="text-ink-soft"><Time at={row.last_execution_at} short fallback="Never" /></span> },
    { id: "owner", header: "Owner", width: "3.25rem", from: "lg", cell: (row) => <Owner user={row.owner_id ? users.get(row.owner_id) : undefined} /> },
    { id: "folder", header: "Folder", width: "minmax(6rem,1fr)", from: "xl", cell: (row) => <span className="text-ink-soft">{row.folder ?? ""}</span> },
    { id: "tags", header: "Tags", width: "minmax(6rem,1fr)", from: "xl", cell: (row) => <span className="flex gap-1 overflow-hidden">{row.tags.map((tag) => <Chip key={tag}>{tag}</Chip>)}</span> },
  ];
}

function Name({ row }: { row: Workflow }) {
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <WorkflowDot status={row.status} />
      <Link to="/workflows/$workflowId" params={{ workflowId: row.id }} className="truncate font-medium">{row.name}</Link>
      {row.has_unpublished_changes && row.published_version !== null && <Tip text="The draft has changes that are not published"><span className="shrink-0 rounded-full bg-wait-wash px-1.5 text-xs text-wait">Edited</span></Tip>}
    </span>
  );
}

function Figure({ row, value, status }: { row: Workflow; value: number; status?: "waiting" }) {
  if (value === 0) return <span className="text-ink-faint">0</span>;
  return <Link to="/workflows/$workflowId/executions" params={{ workflowId: row.id }} search={{ span: "all", ...(status ? { status } : {}) }} className="hover:underline">{count(value)}</Link>;
}

function Errors({ row }: { row: Workflow }) {
  if (row.errors_7d === 0) return <span className="text-ink-faint">0</span>;
  return <Link to="/workflows/$workflowId/executions" params={{ workflowId: row.id }} search={{ span: "7d", status: "failed" }} className="font-medium text-bad hover:underline">{count(row.errors_7d)}</Link>;
}

function Owner({ user }: { user: User | undefined }) {
  if (!user) return null;
  return <Tip text={nameOf(user)}><span className="inline-flex"><Avatar name={nameOf(user)} size="sm" /><span className="sr-only">{nameOf(user)}</span></span></Tip>;
}
