/** One control per type of field. Each gets the typed value and says the next one; what it means is fields.ts' business. */
import { useState, type ComponentType } from "react";
import { useLifecycleStages, usePipelines, useTags, useTeams, useUsers, nameOf } from "@/api/people";
import type { Json, Pipeline, RecordType } from "@/api/types";
import { useMe } from "@/api/session";
import { Avatar } from "@/ui/Avatar";
import { Checkbox, Input, Select, Textarea } from "@/ui/Field";
import { Picker, type Choice } from "@/ui/Picker";
import { Chip } from "@/ui/Pill";
import { currentZone } from "@/words/time";
import { choicesOf, withTyped, type Draft, type FieldSpec, type FieldType, type TypedMoney, type TypedTags } from "./fields";
import { RecordPicker } from "./RecordPicker";
import { instantOf, wallClock } from "./zoned";

export interface ControlProps {
  spec: FieldSpec;
  value: Json;
  /** The other fields, for controls that depend on them. */
  draft: Draft;
  autoFocus?: boolean;
  onChange: (value: Json) => void;
}

const text = (value: Json) => (value === null ? "" : String(value));

function plain(type: string, mode?: "decimal" | "numeric" | "email" | "tel" | "url") {
  return function Plain({ spec, value, autoFocus, onChange }: ControlProps) {
    return <Input type={type} inputMode={mode} value={text(value)} required={spec.required ?? false} autoFocus={autoFocus} autoComplete="off" onChange={(event) => onChange(event.target.value)} />;
  };
}

function LongText({ value, onChange }: ControlProps) {
  return <Textarea value={text(value)} onChange={(event) => onChange(event.target.value)} />;
}

function Amount({ value, autoFocus, onChange }: ControlProps) {
  const money = value as TypedMoney;
  const { tenant } = useMe();
  const currencies = [...new Set([money.currency, tenant.currency, "EUR", "USD", "GBP", "CHF", "JPY"])];
  return (
    <div className="flex gap-2">
      <Input inputMode="decimal" value={money.typed} autoFocus={autoFocus} autoComplete="off" placeholder="0" className="tabular text-right" onChange={(event) => onChange({ ...money, typed: event.target.value })} />
      <Select id={undefined} aria-label="Currency" className="!w-24 shrink-0" value={money.currency} onChange={(event) => onChange({ ...money, currency: event.target.value })}>
        {currencies.map((each) => <option key={each}>{each}</option>)}
      </Select>
    </div>
  );
}

function DateTime({ value, onChange }: ControlProps) {
  const zone = currentZone();
  return <Input type="datetime-local" value={typeof value === "string" && value ? wallClock(value, zone) : ""} onChange={(event) => onChange(instantOf(event.target.value, zone) ?? null)} />;
}

function Yes({ spec, value, onChange }: ControlProps) {
  return <Checkbox label={spec.label} checked={value === true} onChange={(event) => onChange(event.target.checked)} />;
}

function Options({ spec, value, onChange }: ControlProps) {
  const [held] = useState([text(value)]);
  return (
    <Select value={text(value)} onChange={(event) => onChange(event.target.value || null)}>
      {!spec.required && <option value="">None</option>}
      {choicesOf(spec, held).map(([code, label]) => <option key={code} value={code}>{label}</option>)}
    </Select>
  );
}

function SeveralOptions({ spec, value, onChange }: ControlProps) {
  const chosen = Array.isArray(value) ? value.map(String) : [];
  const [held] = useState(chosen);
  return (
    <div role="group" aria-label={spec.label} className="flex flex-wrap gap-x-4 gap-y-1.5 py-1">
      {choicesOf(spec, held).map(([code, label]) => <Checkbox key={code} label={label} checked={chosen.includes(code)} onChange={(event) => onChange(event.target.checked ? [...chosen, code] : chosen.filter((each) => each !== code))} />)}
    </div>
  );
}

function Person({ value, onChange }: ControlProps) {
  const { data } = useUsers();
  const choices = (data ?? []).filter((user) => user.active !== false || user.id === value).map((user): Choice => ({ value: user.id, label: nameOf(user), detail: user.email, icon: <Avatar name={nameOf(user)} size="sm" /> }));
  return <Picker choices={choices} value={value as string | null} none="Nobody" placeholder="Nobody" onChange={onChange} />;
}

function TeamChoice({ value, onChange }: ControlProps) {
  const { data } = useTeams();
  return <Picker choices={(data ?? []).map((team) => ({ value: team.id, label: team.name }))} value={value as string | null} none="No team" placeholder="No team" onChange={onChange} />;
}

function LifecycleStage({ value, onChange }: ControlProps) {
  const { data } = useLifecycleStages();
  return (
    <Select value={text(value)} onChange={(event) => onChange(event.target.value || null)}>
      <option value="">None</option>
      {data?.map((stage) => <option key={stage.key} value={stage.key}>{stage.name}</option>)}
    </Select>
  );
}

/** Where a deal goes that names no pipeline: the server decides so too. */
function usualPipeline(pipelines: readonly Pipeline[] | undefined): Pipeline | undefined {
  return pipelines?.find((each) => each.is_default) ?? pipelines?.[0];
}

function PipelineChoice({ value, onChange }: ControlProps) {
  const { data } = usePipelines();
  return (
    <Select value={text(value) || (usualPipeline(data)?.id ?? "")} onChange={(event) => onChange(event.target.value || null)}>
      {data?.map((each) => <option key={each.id} value={each.id}>{each.name}</option>)}
    </Select>
  );
}

function StageChoice({ value, draft, onChange }: ControlProps) {
  const { data } = usePipelines();
  const pipeline = data?.find((each) => each.id === draft["pipeline_id"]) ?? usualPipeline(data);
  return (
    <Select value={text(value) || (pipeline?.stages[0]?.id ?? "")} onChange={(event) => onChange(event.target.value || null)}>
      {pipeline?.stages.map((stage) => <option key={stage.id} value={stage.id}>{stage.name}</option>)}
    </Select>
  );
}

function Tags({ value, onChange }: ControlProps) {
  const { data } = useTags();
  const { tags, typed } = value as TypedTags;
  const add = () => onChange(withTyped({ tags, typed }));
  return (
    <div className="flex flex-col gap-1.5">
      {tags.length > 0 && <div className="flex flex-wrap gap-1">{tags.map((tag) => <Chip key={tag} removeLabel={`Remove the tag ${tag}`} onRemove={() => onChange({ tags: tags.filter((each) => each !== tag), typed })}>{tag}</Chip>)}</div>}
      <Input list="known-tags" value={typed} placeholder="Add a tag, then Enter" autoComplete="off" onChange={(event) => onChange({ tags, typed: event.target.value })} onBlur={add}
        onKeyDown={(event) => { if (event.key === "Enter" && typed.trim()) { event.preventDefault(); add(); } }} />
      <datalist id="known-tags">{data?.filter((each) => !tags.includes(each.name)).map((each) => <option key={each.name} value={each.name} />)}</datalist>
    </div>
  );
}

function related(type: RecordType) {
  return function Related({ value, onChange }: ControlProps) {
    return <RecordPicker type={type} value={value as string | null} onChange={onChange} />;
  };
}

const CONTROLS: Record<FieldType, ComponentType<ControlProps>> = {
  text: plain("text"), long_text: LongText, number: plain("text", "decimal"), integer: plain("text", "numeric"), money: Amount,
  date: plain("date"), date_time: DateTime, boolean: Yes, choice: Options, multi_choice: SeveralOptions, user: Person,
  url: plain("url", "url"), email: plain("email", "email"), phone: plain("tel", "tel"), tags: Tags,
  contact: related("contact"), company: related("company"), deal: related("deal"), team: TeamChoice,
  lifecycle_stage: LifecycleStage, pipeline: PipelineChoice, stage: StageChoice,
};

export function Control(props: ControlProps) {
  const Chosen = CONTROLS[props.spec.type] ?? CONTROLS.text;
  return <Chosen {...props} />;
}
