/** Who changed what, and when; read only. */
import { ScrollText } from "lucide-react";
import { useState } from "react";
import { useList } from "@/api/pages";
import type { AuditRow, Json, JsonObject } from "@/api/types";
import { DataTable, type Column } from "@/ui/DataTable";
import { Dialog } from "@/ui/Dialog";
import { Data, isBlank } from "@/executions/Data";
import { Empty, Failure } from "@/ui/States";
import { Time } from "@/ui/Time";
import { codeWords } from "@/words/codes";
import { Tree } from "@/workflows/Tree";
import type { Definition } from "@/workflows/types";

/** "api_key.create" as "API key created". */
function actionWords(action: string): string {
  const [subject = "", verb = ""] = action.split(".");
  const past = PAST[verb] ?? `${verb.replace(/_/g, " ")}${verb.endsWith("e") ? "d" : "ed"}`;
  return `${codeWords(subject).replace(/^Api\b/, "API")} ${past}`;
}

const PAST: Record<string, string> = { set: "set", reset: "reset", undo: "undone", sign_in: "signed in", sign_out: "signed out", put: "put", begin: "begun", stop: "stopped", retry: "retried", cancel: "cancelled" };

const columns: readonly Column<AuditRow>[] = [
  { id: "what", header: "What", width: "minmax(7rem,1.4fr)", cell: (row) => <>
    <span className="block truncate font-medium">{actionWords(row.action)}</span>
    <span className="block truncate text-xs text-ink-faint sm:hidden">{row.subject.name ?? codeWords(row.subject.type)} · {row.actor.name ?? codeWords(row.actor.type)}</span>
  </> },
  { id: "subject", header: "On", width: "minmax(6rem,1.4fr)", from: "sm", cell: (row) => row.subject.name ?? codeWords(row.subject.type) },
  { id: "who", header: "Who", width: "minmax(8rem,1fr)", from: "sm", cell: (row) => row.actor.name ?? codeWords(row.actor.type) },
  { id: "at", header: "When", width: "5.5rem", cell: (row) => <span className="text-ink-soft"><Time at={row.at} short /></span> },
];

/** What it was; a workflow's definition as people read it. */
function State({ value }: { value: Json }) {
  const definition = typeof value === "object" && value !== null && !Array.isArray(value) ? value["definition"] : undefined;
  if (typeof definition !== "object" || definition === null || Array.isArray(definition)) return <Data value={value} />;
  const rest = Object.fromEntries(Object.entries(value as JsonObject).filter(([key]) => key !== "definition"));
  return <div className="flex flex-col gap-3"><Data value={rest} /><Tree definition={definition as Definition} /></div>;
}

export function AuditTab() {
  const list = useList<AuditRow>("/audit");
  const [open, setOpen] = useState<AuditRow | null>(null);
  if (list.error) return <Failure error={list.error} onRetry={() => void list.refetch()} />;
  return (
    <>
      <DataTable label="Audit log" columns={columns} rows={list.rows} rowKey={(row) => row.id} onOpen={setOpen} loading={list.isLoading} onEnd={list.loadMore} loadingMore={list.isFetchingNextPage}
        empty={<Empty icon={<ScrollText aria-hidden />} title="Nothing yet">Every change of a workflow, connection, user, role, key or setting is kept here.</Empty>} />
      {open && (
        <Dialog open wide onClose={() => setOpen(null)} title={actionWords(open.action)} description={`${open.subject.name ?? ""} by ${open.actor.name ?? "the system"}`}>
          <div className="grid gap-4 sm:grid-cols-2">
            <section><h3 className="mb-1 text-sm text-ink-soft">Before</h3>{isBlank(open.before) ? <p className="text-ink-faint">Nothing</p> : <State value={open.before} />}</section>
            <section><h3 className="mb-1 text-sm text-ink-soft">After</h3>{isBlank(open.after) ? <p className="text-ink-faint">Nothing</p> : <State value={open.after} />}</section>
          </div>
        </Dialog>
      )}
    </>
  );
}
