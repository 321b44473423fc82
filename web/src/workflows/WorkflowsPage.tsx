/** Every workflow with its state and figures. */
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus, Workflow as WorkflowIcon } from "lucide-react";
import { useCallback, useMemo, useState } from "react";
import { useUsers } from "@/api/people";
import { useMay } from "@/api/session";
import { Button } from "@/ui/Button";
import { DataTable } from "@/ui/DataTable";
import { FilterBar, Page } from "@/ui/Page";
import { SearchBox } from "@/ui/SearchBox";
import { Empty, Failure } from "@/ui/States";
import { workflowColumns } from "./columns";
import { NewWorkflow } from "./NewWorkflow";
import { useWorkflows } from "./queries";
import type { Workflow } from "./types";

export function WorkflowsPage() {
  const { q = "", show } = useSearch({ from: "/app/workflows" });
  const navigate = useNavigate();
  const workflows = useWorkflows();
  const users = useUsers();
  const may = useMay("manager");
  const [creating, setCreating] = useState(false);
  const columns = useMemo(() => workflowColumns(new Map(users.data?.map((user) => [user.id, user]))), [users.data]);
  const rows = useMemo(() => found(workflows.data ?? [], q, show === "archived"), [workflows.data, q, show]);
  const archived = workflows.data?.filter((each) => each.status === "archived").length ?? 0;
  const onSearch = useCallback((text: string) => void navigate({ to: "/workflows", search: (old) => ({ ...old, q: text || undefined }) as { q?: string }, replace: true }), [navigate]);
  const open = useCallback((row: Workflow) => void navigate({ to: "/workflows/$workflowId", params: { workflowId: row.id } }), [navigate]);
  const add = may && <Button look="primary" onClick={() => setCreating(true)}><Plus aria-hidden />New workflow</Button>;
  return (
    <Page title="Workflows" fills actions={add} bar={
      <FilterBar>
        <SearchBox value={q} placeholder="Search workflows" onChange={onSearch} />
        {(archived > 0 || show) && <Button look="quiet" aria-pressed={show === "archived"} onClick={() => void navigate({ to: "/workflows", search: show ? {} : { show: "archived" } })}>{show ? "Show the others" : `Archived (${archived})`}</Button>}
      </FilterBar>
    }>
      {workflows.error && !workflows.data ? <Failure error={workflows.error} onRetry={() => void workflows.refetch()} /> : (
        <DataTable label="Workflows" columns={columns} rows={rows} rowKey={(row) => row.id} onOpen={open} loading={workflows.isPending}
          empty={q
            ? <Empty title={`No workflow matches “${q}”`} action={<Button onClick={() => onSearch("")}>Clear search</Button>}>Names, folders, tags and triggers are searched.</Empty>
            : <Empty icon={<WorkflowIcon aria-hidden />} title="No workflows yet" action={add || undefined}>A workflow does something whenever a record changes. Begin with an example and change it to fit.</Empty>} />
      )}
      {creating && <NewWorkflow onClose={() => setCreating(false)} />}
    </Page>
  );
}

function found(workflows: readonly Workflow[], text: string, archived: boolean): Workflow[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return workflows.filter((each) => (each.status === "archived") === archived).filter((each) => {
    const hay = [each.name, each.folder, each.trigger_summary, ...each.tags].join(" ").toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}
