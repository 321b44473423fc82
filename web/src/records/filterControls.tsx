/** The simple filters above a list of records; each is one clause of the condition in the address. */
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { nameOf, useUsers } from "@/api/people";
import { useMe } from "@/api/session";
import type { Json } from "@/api/types";
import { Button } from "@/ui/Button";
import { Input, Select } from "@/ui/Field";
import { conditionWords } from "@/workflows/conditions";
import type { Condition } from "@/workflows/types";
import { strangers, valueIn, withoutPart, withValue, type Slot } from "./filters";

export interface FilterProps { filter: Condition | undefined; onFilter: (filter: Condition | undefined) => void }

interface ChoiceFilterProps extends FilterProps {
  slot: Slot;
  label: string;
  any: string;
  options: readonly (readonly [value: string, label: string])[];
  /** The clause's value for an option, where it is not the option itself. */
  toValue?: (option: string) => Json;
}

export function ChoiceFilter({ filter, onFilter, slot, label, any, options, toValue = (option) => option }: ChoiceFilterProps) {
  const value = valueIn(filter, slot);
  const current = options.find(([option]) => JSON.stringify(toValue(option)) === JSON.stringify(value))?.[0] ?? "";
  return (
    <Select aria-label={label} className="filter max-w-44" value={current} onChange={(event) => onFilter(withValue(filter, slot, event.target.value ? toValue(event.target.value) : undefined))}>
      <option value="">{any}</option>
      {options.map(([option, words]) => <option key={option} value={option}>{words}</option>)}
    </Select>
  );
}

export function OwnerFilter({ type, ...rest }: FilterProps & { type: "contact" | "company" | "deal" }) {
  const { user } = useMe();
  const { data } = useUsers();
  const others = (data ?? []).filter((each) => each.id !== user.id);
  return <ChoiceFilter {...rest} slot={{ field: `${type}.owner_id`, op: "eq" }} label="Owner" any="Any owner" options={[[user.id, "Me"], ...others.map((each) => [each.id, nameOf(each)] as const)]} />;
}

/** "at least" a number; it takes effect after a short rest in typing. */
export function AtLeastFilter({ filter, onFilter, slot, label, read = Number, show = String }: FilterProps & { slot: Slot; label: string; read?: (text: string) => Json | undefined; show?: (value: Json) => string }) {
  const value = valueIn(filter, slot);
  const known = value === undefined ? "" : show(value);
  const [typed, setTyped] = useState(known);
  const [last, setLast] = useState(known);
  if (known !== last) { setLast(known); setTyped(known); }
  useEffect(() => {
    if (typed === known) return;
    const timer = setTimeout(() => {
      const next = typed.trim() === "" ? undefined : read(typed);
      if (next === undefined ? typed.trim() === "" : !Number.isNaN(next)) onFilter(withValue(filter, slot, next));
    }, 350);
    return () => clearTimeout(timer);
  }, [typed, known, filter, slot, onFilter, read]);
  return (
    <label className="control filter flex items-center gap-1.5 text-ink-soft">
      <span className="whitespace-nowrap">{label} ≥</span>
      <Input aria-label={`${label} at least`} inputMode="numeric" value={typed} placeholder="any" onChange={(event) => setTyped(event.target.value)} className="tabular !w-12 !min-h-0 !border-0 !bg-transparent !px-0 !outline-none" />
    </label>
  );
}

/** What a link brought that no simple filter shows, in words, each to be dropped. */
export function OtherFilters({ filter, onFilter, slots }: FilterProps & { slots: readonly Slot[] }) {
  return strangers(filter, slots).map((part) => (
    <Button key={JSON.stringify(part)} look="quiet" title={conditionWords(part)} onClick={() => onFilter(withoutPart(filter, part))}>
      <span className="max-w-60 truncate">{conditionWords(part)}</span><X aria-label="Drop this filter" />
    </Button>
  ));
}
