/** The columns of the contacts table. */
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useCustomFields, useLifecycleStages, useUsers } from "@/api/people";
import type { Contact } from "@/api/types";
import { Avatar } from "@/ui/Avatar";
import type { Column } from "@/ui/DataTable";
import { Time } from "@/ui/Time";
import { CustomValue, Person, RecordLink, Score, stageName, TagList } from "./cells";
import { contactName, useNames } from "./names";

export const USUALLY_HIDDEN = { phone: true, job: true, source: true, country: true, updated: true };

export function useContactColumns(rows: readonly Contact[]): readonly Column<Contact>[] {
  const users = useUsers();
  const stages = useLifecycleStages();
  const custom = useCustomFields();
  const companies = useNames("company", rows.map((row) => row.company_id));
  return useMemo((): readonly Column<Contact>[] => {
    const people = new Map(users.data?.map((user) => [user.id, user]));
    const own = (custom.data ?? []).filter((field) => field.record_type === "contact").map((field): Column<Contact> => (
      { id: `custom.${field.key}`, header: field.name, width: "minmax(6rem,1fr)", from: "xl", cell: (row) => <span className="text-ink-soft"><CustomValue value={row.custom[field.key] ?? null} /></span> }
    ));
    return [
      { id: "name", header: "Name", width: "minmax(10rem,1.6fr)", sort: "first_name", cell: (row) => <Name row={row} /> },
      { id: "email", header: "Email", width: "minmax(11rem,2fr)", from: "sm", sort: "email", cell: (row) => <span className="text-ink-soft">{row.email}</span> },
      { id: "company", header: "Company", width: "minmax(7rem,1.2fr)", from: "md", cell: (row) => <RecordLink type="company" id={row.company_id} name={row.company_id ? companies.get(row.company_id) : undefined} /> },
      { id: "owner", header: "Owner", width: "minmax(6rem,0.9fr)", from: "lg", cell: (row) => <Person quiet user={row.owner_id ? people.get(row.owner_id) : undefined} /> },
      { id: "stage", header: "Stage", width: "minmax(5.5rem,0.8fr)", from: "md", cell: (row) => <span className="text-ink-soft">{stageName(stages.data, row.lifecycle_stage)}</span> },
      { id: "score", header: "Score", width: "5.5rem", align: "end", sort: "lead_score", cell: (row) => <Score score={row.lead_score} /> },
      { id: "tags", header: "Tags", width: "minmax(6rem,1fr)", from: "lg", cell: (row) => <TagList tags={row.tags} /> },
      { id: "phone", header: "Phone", width: "minmax(7rem,1fr)", from: "lg", cell: (row) => <span className="text-ink-soft">{row.phone}</span> },
      { id: "job", header: "Job title", width: "minmax(7rem,1fr)", from: "lg", cell: (row) => <span className="text-ink-soft">{row.job_title}</span> },
      { id: "source", header: "Source", width: "minmax(5rem,1fr)", from: "lg", cell: (row) => <span className="text-ink-soft">{row.source}</span> },
      { id: "country", header: "Country", width: "5rem", from: "lg", cell: (row) => <span className="text-ink-soft">{row.country}</span> },
      ...own,
      { id: "created", header: "Created", width: "5.5rem", from: "sm", sort: "created_at", cell: (row) => <span className="text-ink-soft"><Time at={row.created_at} short /></span> },
      { id: "updated", header: "Updated", width: "5.5rem", from: "lg", sort: "updated_at", cell: (row) => <span className="text-ink-soft"><Time at={row.updated_at} short /></span> },
    ];
  }, [users.data, stages.data, custom.data, companies]);
}

function Name({ row }: { row: Contact }) {
  const name = contactName(row);
  return (
    <span className="flex min-w-0 items-center gap-2.5">
      <Avatar name={name} />
      <span className="min-w-0">
        <Link to="/contacts/$contactId" params={{ contactId: row.id }} className="block truncate font-medium">{name}</Link>
        {row.email && <span className="block truncate text-xs text-ink-faint sm:hidden">{row.email}</span>}
      </span>
    </span>
  );
}
