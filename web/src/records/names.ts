/** What records are called, and the names of records that others point to, read in one request per page of ids. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Page } from "@/api/pages";
import { api } from "@/api/request";
import type { Company, Contact, Deal, RecordType, Task } from "@/api/types";

export type AnyRecord = Contact | Company | Deal | Task;

export const PATHS: Record<RecordType, string> = { contact: "/contacts", company: "/companies", deal: "/deals", task: "/tasks" };

export function contactName(contact: Pick<Contact, "first_name" | "last_name" | "email">): string {
  return [contact.first_name, contact.last_name].filter(Boolean).join(" ") || contact.email || "Unnamed contact";
}

export function recordName(record: AnyRecord): string {
  if ("title" in record) return record.title;
  if ("name" in record) return record.name;
  return contactName(record);
}

const none: ReadonlyMap<string, string> = new Map();
const AT_ONCE = 400;

/** The names of these records by id; ids of deleted ones are missing. */
export function useNames(type: RecordType, ids: readonly (string | null | undefined)[]): ReadonlyMap<string, string> {
  const wanted = [...new Set(ids.filter((id): id is string => Boolean(id)))].sort();
  const { data } = useQuery({
    queryKey: [PATHS[type], "names", wanted],
    queryFn: async ({ signal }) => {
      const pages = await Promise.all(chunks(wanted, AT_ONCE).map((value) =>
        api.get<Page<AnyRecord>>(PATHS[type], { limit: 500, filter: JSON.stringify({ field: "record.id", op: "in", value }) }, signal)));
      return new Map(pages.flatMap((page) => page.items.map((each) => [each.id, recordName(each)] as const)));
    },
    enabled: wanted.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return data ?? none;
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));
}
