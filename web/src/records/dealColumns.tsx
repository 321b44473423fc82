/** The columns of the deals table. */
import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useCustomFields, usePipelines, useUsers } from "@/api/people";
import type { Deal } from "@/api/types";
import type { Column } from "@/ui/DataTable";
import { Time } from "@/ui/Time";
import { money, shortMoney } from "@/words/numbers";
import { CustomValue, DealStatus, Person, RecordLink } from "./cells";
import { useNames } from "./names";

export function useDealColumns(rows: readonly Deal[]): readonly Column<Deal>[] {
  const users = useUsers();
  const custom = useCustomFields();
  const pipelines = usePipelines();
  const contacts = useNames("contact", rows.map((row) => row.contact_id));
  const companies = useNames("company", rows.map((row) => row.company_id));
  return useMemo((): readonly Column<Deal>[] => {
    const people = new Map(users.data?.map((user) => [user.id, user]));
    const stages = new Map(pipelines.data?.flatMap((pipeline) => pipeline.stages.map((stage) => [stage.id, { stage: stage.name, pipeline: pipeline.name }] as const)));
    const several = (pipelines.data?.length ?? 0) > 1;
    const own = (custom.data ?? []).filter((field) => field.record_type === "deal").map((field): Column<Deal> => (
      { id: `custom.${field.key}`, header: field.name, width: "minmax(6rem,1fr)", from: "xl", cell: (row) => <span className="text-ink-soft"><CustomValue value={row.custom[field.key] ?? null} /></span> }
    ));
    return [
      { id: "name", header: "Name", width: "minmax(9rem,1.8fr)", sort: "name", cell: (row) => <><Link to="/deals/$dealId" params={{ dealId: row.id }} className="font-medium">{row.name}</Link><span className="block truncate text-xs text-ink-faint sm:hidden">{stages.get(row.stage_id)?.stage}</span></> },
      { id: "value", header: "Value", width: "minmax(5rem,0.7fr)", align: "end", sort: "value", cell: (row) => <span title={money(row.value)}>{shortMoney(row.value)}</span> },
      { id: "stage", header: "Stage", width: "minmax(7rem,1.1fr)", from: "sm", cell: (row) => <span className="text-ink-soft">{several && <>{stages.get(row.stage_id)?.pipeline} / </>}{stages.get(row.stage_id)?.stage}</span> },
      { id: "status", header: "Status", width: "5rem", cell: (row) => <DealStatus status={row.status} /> },
      { id: "contact", header: "Contact", width: "minmax(7rem,1fr)", from: "md", cell: (row) => <RecordLink type="contact" id={row.contact_id} name={row.contact_id ? contacts.get(row.contact_id) : undefined} /> },
      { id: "company", header: "Company", width: "minmax(7rem,1fr)", from: "lg", cell: (row) => <RecordLink type="company" id={row.company_id} name={row.company_id ? companies.get(row.company_id) : undefined} /> },
      { id: "owner", header: "Owner", width: "minmax(6rem,0.9fr)", from: "md", cell: (row) => <Person quiet user={row.owner_id ? people.get(row.owner_id) : undefined} /> },
      ...own,
      { id: "created", header: "Created", width: "5.5rem", from: "md", sort: "created_at", cell: (row) => <span className="text-ink-soft"><Time at={row.created_at} short /></span> },
      { id: "closed", header: "Closed", width: "5.5rem", from: "md", sort: "closed_at", cell: (row) => <span className="text-ink-soft"><Time at={row.closed_at} short /></span> },
      { id: "updated", header: "Updated", width: "5.5rem", from: "md", sort: "updated_at", cell: (row) => <span className="text-ink-soft"><Time at={row.updated_at} short /></span> },
    ];
  }, [users.data, custom.data, pipelines.data, contacts, companies]);
}
