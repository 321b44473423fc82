/** Contacts as a table. */
import { useList } from "@/api/pages";
import type { Contact } from "@/api/types";
import { DataTable, type Column } from "@/ui/DataTable";
import { Page } from "@/ui/Page";
import { Empty, Failure } from "@/ui/States";
import { Time } from "@/ui/Time";

const columns: readonly Column<Contact>[] = [
  { id: "name", header: "Name", width: "minmax(12rem,2fr)", cell: (each) => <span className="font-medium">{[each.first_name, each.last_name].filter(Boolean).join(" ") || each.email}</span> },
  { id: "updated", header: "Updated", width: "9rem", cell: (each) => <Time at={each.updated_at ?? null} /> },
];

export function ContactsPage() {
  const list = useList<Contact>("/contacts");
  return (
    <Page title="Contacts" fills>
      {list.error ? <Failure error={list.error} onRetry={() => void list.refetch()} /> : (
        <DataTable label="Contacts" columns={columns} rows={list.rows} rowKey={(each) => each.id} loading={list.isLoading}
          onEnd={list.loadMore} loadingMore={list.isFetchingNextPage} empty={<Empty title="No contacts yet">They appear here as soon as one is created.</Empty>} />
      )}
    </Page>
  );
}
