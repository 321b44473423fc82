/** Every company. */
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Building2 } from "lucide-react";
import { useCallback, useMemo } from "react";
import { useCustomFields, useUsers } from "@/api/people";
import type { Company } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import type { Column } from "@/ui/DataTable";
import { Time } from "@/ui/Time";
import { CustomValue, Person } from "./cells";
import { OtherFilters, OwnerFilter } from "./filterControls";
import type { ListSearch } from "./filters";
import { ListPage } from "./ListPage";

const OWNER = { field: "company.owner_id", op: "eq" };

export function CompaniesPage() {
  const search = useSearch({ from: "/app/companies" });
  const navigate = useNavigate();
  const onSearch = useCallback((next: ListSearch) => void navigate({ to: "/companies", search: next, replace: true }), [navigate]);
  return (
    <ListPage<Company> type="company" title="Companies" one="company" search={search} onSearch={onSearch} useColumns={useColumns} usuallyHidden={{ updated: true }}
      filters={(props) => <><OwnerFilter type="company" {...props} /><OtherFilters {...props} slots={[OWNER]} /></>}
      icon={<Building2 aria-hidden />} advice="Companies hold contacts and deals together. Create the first one, or set one on a contact." />
  );
}

function useColumns(): readonly Column<Company>[] {
  const users = useUsers();
  const custom = useCustomFields();
  return useMemo((): readonly Column<Company>[] => {
    const people = new Map(users.data?.map((user) => [user.id, user]));
    const own = (custom.data ?? []).filter((field) => field.record_type === "company").map((field): Column<Company> => (
      { id: `custom.${field.key}`, header: field.name, width: "minmax(6rem,1fr)", from: "lg", cell: (row) => <span className="text-ink-soft"><CustomValue value={row.custom[field.key] ?? null} /></span> }
    ));
    return [
      { id: "name", header: "Name", width: "minmax(10rem,2fr)", sort: "name", cell: (row) => (
        <span className="flex min-w-0 items-center gap-2.5"><Avatar name={row.name} /><Link to="/companies/$companyId" params={{ companyId: row.id }} className="truncate font-medium">{row.name}</Link></span>
      ) },
      { id: "domain", header: "Domain", width: "minmax(7rem,1.4fr)", sort: "domain", cell: (row) => <span className="text-ink-soft">{row.domain}</span> },
      { id: "phone", header: "Phone", width: "minmax(7rem,1fr)", from: "md", cell: (row) => <span className="text-ink-soft">{row.phone}</span> },
      { id: "owner", header: "Owner", width: "minmax(7rem,1fr)", from: "sm", cell: (row) => <Person quiet user={row.owner_id ? people.get(row.owner_id) : undefined} /> },
      ...own,
      { id: "created", header: "Created", width: "5.5rem", from: "md", sort: "created_at", cell: (row) => <span className="text-ink-soft"><Time at={row.created_at} short /></span> },
      { id: "updated", header: "Updated", width: "5.5rem", from: "md", sort: "updated_at", cell: (row) => <span className="text-ink-soft"><Time at={row.updated_at} short /></span> },
    ];
  }, [users.data, custom.data]);
}
