/** Companies as a table. */
import { useList } from "@/api/pages";
import type { Company } from "@/api/types";
import { DataTable, type Column } from "@/ui/DataTable";
import { Page } from "@/ui/Page";
import { Empty, Failure } from "@/ui/States";
import { Time } from "@/ui/Time";

const columns: readonly Column<Company>[] = [
  { id: "name", header: "Name", width: "minmax(12rem,2fr)", cell: (each) => <span className="font-medium">{each.name}</span> },
  { id: "updated", header: "Updated", width: "9rem", cell: (each) => <Time at={each.updated_at ?? null} /> },
];

export function CompaniesPage() {
  const list = useList<Company>("/companies");
  return (
    <Page title="Companies" fills>
      {list.error ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : (
        <DataTable label="Companies" columns={columns} rows={list.rows} rowKey={(each) => each.id} loading={list.isLoading}
          onEnd={list.loadMore} loadingMore={list.isFetchingNextPage} empty={<Empty title="No companies yet">They appear here as soon as one is created.</Empty>} />
      )}
    </Page>
  );
}
