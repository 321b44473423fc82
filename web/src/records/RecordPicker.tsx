/** Picks a contact, company or deal; the server searches. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import type { Page } from "@/api/pages";
import { api } from "@/api/request";
import type { Contact, RecordType } from "@/api/types";
import { Picker } from "@/ui/Picker";
import { askedFilter } from "./filters";
import { type AnyRecord, PATHS, recordName, useNames } from "./names";

export const SEARCHED: Record<RecordType, readonly string[]> = {
  contact: ["contact.first_name", "contact.last_name", "contact.email"],
  company: ["company.name", "company.domain"],
  deal: ["deal.name"],
  task: ["task.title"],
};

interface RecordPickerProps { type: RecordType; value: string | null; onChange: (value: string | null) => void; label?: string }

export function RecordPicker({ type, value, onChange, label }: RecordPickerProps) {
  const [typed, setTyped] = useState("");
  const q = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: [PATHS[type], "found", q],
    queryFn: async ({ signal }) => (await api.get<Page<AnyRecord>>(PATHS[type], { limit: 20, filter: askedFilter({ q }, SEARCHED[type]) }, signal)).items,
    placeholderData: keepPreviousData,
    staleTime: 15_000,
  });
  const names = useNames(type, [value]);
  const chosenName = value ? names.get(value) : undefined;
  return (
    <Picker {...(label ? { label } : {})} choices={(found.data ?? []).map((each) => ({ value: each.id, label: recordName(each), ...detailOf(each) }))}
      value={value} none={`No ${type}`} placeholder={`No ${type}`} onSearch={setTyped} loading={found.isFetching} onChange={onChange}
      chosen={value ? { value, label: chosenName ?? "…" } : undefined} />
  );
}

function detailOf(record: AnyRecord): { detail?: string } {
  const detail = "email" in record ? (record as Contact).email : "domain" in record ? record.domain : null;
  return detail ? { detail } : {};
}
