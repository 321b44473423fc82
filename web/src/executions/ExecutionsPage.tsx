/** Executions as a table. */
import { useList } from "@/api/pages";
import type { Execution } from "./types";
import { DataTable, type Column } from "@/ui/DataTable";
import { Page } from "@/ui/Page";
import { Empty, Failure } from "@/ui/States";
import { Time } from "@/ui/Time";

const columns: readonly Column<Execution>[] = [
  { id: "name", header: "Execution", width: "minmax(12rem,2fr)", cell: (each) => <span className="font-medium">{each.id}</span> },
  { id: "updated", header: "Started", width: "9rem", cell: (each) => <Time at={each.started_at} /> },
];

export function ExecutionsPage() {
  const list = useList<Execution>("/executions");
  return (
    <Page title="Executions" fills>
      {list.error ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : (
        <DataTable label="Executions" columns={columns} rows={list.rows} rowKey={(each) => each.id} loading={list.isLoading}
          onEnd={list.loadMore} loadingMore={list.isFetchingNextPage} empty={<Empty title="No executions yet">They appear here as soon as one is created.</Empty>} />
      )}
    </Page>
  );
}
