/** Values in a header that are changed where they stand. Whoever may not change them reads them. */
import type { ReactNode } from "react";
import { nameOf, useUsers } from "@/api/people";
import { useMay } from "@/api/session";
import { Avatar } from "@/ui/Avatar";
import { Select } from "@/ui/Field";
import { Picker } from "@/ui/Picker";

interface InlineSelectProps { label: string; value: string | null; none?: string; options: readonly (readonly [value: string, label: string])[]; onChange: (value: string | null) => void }

export function InlineSelect({ label, value, none, options, onChange }: InlineSelectProps) {
  const may = useMay("member");
  if (!may) return <Plain label={label}>{options.find(([each]) => each === value)?.[1] ?? none ?? "–"}</Plain>;
  return (
    <Select aria-label={label} title={label} value={value ?? ""} onChange={(event) => onChange(event.target.value || null)} className="!min-h-7 !w-auto max-w-60 !border-line-strong">
      {none !== undefined && <option value="">{none}</option>}
      {value && !options.some(([each]) => each === value) && <option value={value}>…</option>}
      {options.map(([each, words]) => <option key={each} value={each}>{words}</option>)}
    </Select>
  );
}

export function OwnerSelect({ value, onChange }: { value: string | null; onChange: (value: string | null) => void }) {
  const may = useMay("member");
  const { data } = useUsers();
  const owner = data?.find((each) => each.id === value);
  if (!may) return <Plain label="Owner">{owner ? nameOf(owner) : "Nobody"}</Plain>;
  const choices = (data ?? []).filter((user) => user.active !== false || user.id === value).map((user) => ({ value: user.id, label: nameOf(user), detail: user.email, icon: <Avatar name={nameOf(user)} size="sm" /> }));
  return <Picker label="Owner" choices={choices} value={value} none="Nobody" placeholder="No owner" onChange={onChange} chosen={value ? { value, label: data ? "Somebody who left" : "…" } : undefined} className="!min-h-7 !w-auto max-w-60 !border-line-strong" />;
}

function Plain({ label, children }: { label: string; children: ReactNode }) {
  return <span className="inline-flex h-7 items-center gap-1.5 rounded-md border border-line px-2.5"><span className="text-ink-soft">{label}</span>{children}</span>;
}
