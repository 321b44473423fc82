/** Picks a record of any type by searching. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api } from "@/api/request";
import type { RecordType, SearchHit } from "@/api/types";
import { useNames } from "@/records/names";
import { Field } from "@/ui/Field";
import { Picker } from "@/ui/Picker";
import { useFits } from "./subject";
import type { Definition } from "./types";

export interface Chosen { type: string; id: string }
const RECORDS = ["contact", "company", "deal", "task"];

interface RecordSearchProps { hint: string; /** Only records that it can be about are offered. */ definition: Pick<Definition, "trigger">; chosen: Chosen | null; onChoose: (record: Chosen | null) => void }

export function RecordSearch({ hint, definition, chosen, onChoose }: RecordSearchProps) {
  const fits = useFits();
  const offered = RECORDS.filter((type) => fits(definition, type));
  const [typed, setTyped] = useState("");
  const hits = useQuery({
    queryKey: ["/search", typed],
    queryFn: async ({ signal }) => (await api.get<{ items: SearchHit[] }>("/search", { q: typed }, signal)).items,
    enabled: typed.trim().length >= 2,
  });
  const named = useNames((chosen?.type ?? "contact") as RecordType, [chosen && RECORDS.includes(chosen.type) ? chosen.id : null]);
  const choices = (hits.data ?? []).filter((hit) => offered.includes(hit.type)).map((hit) => ({ value: `${hit.type}/${hit.id}`, label: hit.title, detail: hit.subtitle ?? hit.type }));
  const choose = (value: string | null) => {
    const [type, id] = value?.split("/") ?? [];
    onChoose(type && id ? { type, id } : null);
  };
  return (
    <Field label="Record" hint={hint}>
      <Picker choices={choices} value={chosen ? `${chosen.type}/${chosen.id}` : null} onChange={choose} onSearch={setTyped} loading={hits.isFetching} placeholder={offered.length === 1 ? `Search a ${offered[0]}…` : "Search a contact, company or deal…"}
        chosen={chosen ? { value: `${chosen.type}/${chosen.id}`, label: named.get(chosen.id) ?? `The chosen ${chosen.type}` } : undefined} />
    </Field>
  );
}
