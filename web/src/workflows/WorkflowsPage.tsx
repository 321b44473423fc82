/** Workflows as a table. */
import { useList } from "@/api/pages";
import type { Workflow } from "./types";
import { DataTable, type Column } from "@/ui/DataTable";
import { Page } from "@/ui/Page";
import { Empty, Failure } from "@/ui/States";
import { Time } from "@/ui/Time";

const columns: readonly Column<Workflow>[] = [
  { id: "name", header: "Name", width: "minmax(12rem,2fr)", cell: (each) => <span className="font-medium">{each.name}</span> },
  { id: "updated", header: "Updated", width: "9rem", cell: (each) => <Time at={each.updated_at ?? null} /> },
];

export function WorkflowsPage() {
  const list = useList<Workflow>("/workflows");
  return (
    <Page title="Workflows" fills>
      {list.error ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : (
        <DataTable label="Workflows" columns={columns} rows={list.rows} rowKey={(each) => each.id} loading={list.isLoading}
          onEnd={list.loadMore} loadingMore={list.isFetchingNextPage} empty={<Empty title="No workflows yet">They appear here as soon as one is created.</Empty>} />
      )}
    </Page>
  );
}
