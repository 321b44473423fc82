/** The fields of a record beside its history; blanks are left out until asked for. */
import { useState, type ReactNode } from "react";
import { nameOf, useCustomFields, useLifecycleStages, usePipelines, useUsers } from "@/api/people";
import type { Json, RecordType } from "@/api/types";
import { Fact, Facts, Section } from "@/ui/Facts";
import { Time } from "@/ui/Time";
import { isMoney, money } from "@/words/numbers";
import { CustomValue, Person, RecordLink, stageName, TagList } from "./cells";
import { fieldsOf, valueOf, type FieldSpec } from "./fields";
import { useNames, type AnyRecord } from "./names";

interface PropertiesProps { type: RecordType; record: AnyRecord; action?: ReactNode; without?: readonly string[] }

export function Properties({ type, record, action, without = [] }: PropertiesProps) {
  const custom = useCustomFields();
  const [all, setAll] = useState(false);
  const specs = fieldsOf(type, custom.data).filter((spec) => !without.includes(spec.key));
  const shown = specs.filter((spec) => all || !isBlank(valueOf(record, spec.key)));
  return (
    <Section title="Properties" action={action}>
      <Facts>
        {shown.map((spec) => <Fact key={spec.key} name={spec.label}><Value spec={spec} value={valueOf(record, spec.key)} /></Fact>)}
        <Fact name="Created"><Time at={record.created_at} /></Fact>
        <Fact name="Updated"><Time at={record.updated_at} /></Fact>
      </Facts>
      {shown.length < specs.length && <button type="button" className="mt-2.5 text-sm text-ink-faint hover:text-ink hover:underline" onClick={() => setAll(true)}>Show {specs.length - shown.length} empty</button>}
    </Section>
  );
}

function Value({ spec, value }: { spec: FieldSpec; value: Json }) {
  const users = useUsers();
  const stages = useLifecycleStages();
  const pipelines = usePipelines();
  if (isBlank(value)) return <span className="text-ink-faint">–</span>;
  const text = String(value);
  if (spec.type === "user") { const user = users.data?.find((each) => each.id === value); return user ? <Person user={user} /> : <>{nameOf(undefined)}</>; }
  if (spec.type === "company" || spec.type === "contact" || spec.type === "deal") return <Linked type={spec.type} id={text} />;
  if (spec.type === "lifecycle_stage") return <>{stageName(stages.data, text)}</>;
  if (spec.type === "pipeline") return <>{pipelines.data?.find((each) => each.id === value)?.name}</>;
  if (spec.type === "stage") return <>{pipelines.data?.flatMap((each) => each.stages).find((each) => each.id === value)?.name}</>;
  if (spec.type === "email") return <a href={`mailto:${text}`} className="text-accent-text hover:underline"><Address text={text} /></a>;
  if (spec.type === "phone") return <a href={`tel:${text.replace(/\s/g, "")}`} className="hover:underline">{text}</a>;
  if (spec.type === "tags" && Array.isArray(value)) return <TagList tags={value.map(String)} />;
  if (spec.type === "money" && isMoney(value)) return <>{money(value)}</>;
  const option = spec.options?.find(([code]) => code === value)?.[1];
  return option ? <>{option}</> : <CustomValue value={value} />;
}

/** Broken after the @ where it is too long for its line, not in the middle of a word. */
function Address({ text }: { text: string }) {
  const at = text.indexOf("@") + 1;
  return <>{text.slice(0, at)}<wbr />{text.slice(at)}</>;
}

function Linked({ type, id }: { type: "company" | "contact" | "deal"; id: string }) {
  const name = useNames(type, [id]).get(id);
  return <RecordLink type={type} id={id} name={name} strong />;
}

function isBlank(value: Json): boolean {
  return value === null || value === "" || (Array.isArray(value) && value.length === 0);
}
