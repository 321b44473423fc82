/** Deals as a table. */
import { useList } from "@/api/pages";
import type { Deal } from "@/api/types";
import { DataTable, type Column } from "@/ui/DataTable";
import { Page } from "@/ui/Page";
import { Empty, Failure } from "@/ui/States";
import { Time } from "@/ui/Time";

const columns: readonly Column<Deal>[] = [
  { id: "name", header: "Name", width: "minmax(12rem,2fr)", cell: (each) => <span className="font-medium">{each.name}</span> },
  { id: "updated", header: "Updated", width: "9rem", cell: (each) => <Time at={each.updated_at ?? null} /> },
];

export function DealsPage() {
  const list = useList<Deal>("/deals");
  return (
    <Page title="Deals" fills>
      {list.error ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : (
        <DataTable label="Deals" columns={columns} rows={list.rows} rowKey={(each) => each.id} loading={list.isLoading}
          onEnd={list.loadMore} loadingMore={list.isFetchingNextPage} empty={<Empty title="No deals yet">They appear here as soon as one is created.</Empty>} />
      )}
    </Page>
  );
}
