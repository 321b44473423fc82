/** The fields of records as a form asks them, and how what is typed becomes what the API takes. Pure. */
import type { CustomField, Json, JsonObject, Money, RecordType } from "@/api/types";
import { readAmount, typedAmount } from "./amounts";

export type FieldType =
  | CustomField["type"]
  | "integer" | "tags" | "contact" | "company" | "deal" | "team" | "lifecycle_stage" | "pipeline" | "stage";

export interface FieldSpec {
  /** The API's name; custom fields as "custom.plan". */
  key: string;
  label: string;
  type: FieldType;
  required?: boolean;
  options?: readonly (readonly [value: string, label: string])[];
  /** Shown after "More fields" only. */
  more?: boolean;
  initial?: Json;
}

export type Draft = Readonly<Record<string, Json>>;
export interface TypedMoney { [key: string]: Json; typed: string; currency: string }
/** Tags that are entered, and the one that is being typed: it is part of what the form holds. */
export interface TypedTags { [key: string]: Json; tags: string[]; typed: string }

const CONSENT = [["unknown", "Not asked"], ["granted", "Granted"], ["denied", "Denied"]] as const;
const PRIORITY = [["low", "Low"], ["normal", "Normal"], ["high", "High"], ["urgent", "Urgent"]] as const;
const DEAL_STATUS = [["open", "Open"], ["won", "Won"], ["lost", "Lost"]] as const;
const OWNER: FieldSpec = { key: "owner_id", label: "Owner", type: "user" };
const EXTERNAL: FieldSpec = { key: "external_id", label: "External id", type: "text", more: true };

const STANDARD: Record<RecordType, readonly FieldSpec[]> = {
  contact: [
    { key: "first_name", label: "First name", type: "text" },
    { key: "last_name", label: "Last name", type: "text" },
    { key: "email", label: "Email", type: "email" },
    { key: "phone", label: "Phone", type: "phone" },
    { key: "job_title", label: "Job title", type: "text" },
    { key: "company_id", label: "Company", type: "company" },
    OWNER,
    { key: "lifecycle_stage", label: "Lifecycle stage", type: "lifecycle_stage" },
    { key: "lead_score", label: "Lead score", type: "integer", required: true, initial: 0 },
    { key: "email_consent", label: "Email consent", type: "choice", options: CONSENT, required: true, initial: "unknown" },
    { key: "tags", label: "Tags", type: "tags" },
    { key: "source", label: "Source", type: "text", more: true },
    { key: "country", label: "Country", type: "text", more: true },
    { key: "language", label: "Language", type: "text", more: true },
    { key: "timezone", label: "Time zone", type: "text", more: true },
    EXTERNAL,
  ],
  company: [
    { key: "name", label: "Name", type: "text", required: true },
    { key: "domain", label: "Domain", type: "text" },
    { key: "phone", label: "Phone", type: "phone" },
    OWNER,
    EXTERNAL,
  ],
  deal: [
    { key: "name", label: "Name", type: "text", required: true },
    { key: "value", label: "Value", type: "money" },
    { key: "pipeline_id", label: "Pipeline", type: "pipeline", required: true },
    { key: "stage_id", label: "Stage", type: "stage", required: true },
    { key: "status", label: "Status", type: "choice", options: DEAL_STATUS, required: true, initial: "open" },
    { key: "contact_id", label: "Contact", type: "contact" },
    { key: "company_id", label: "Company", type: "company" },
    OWNER,
  ],
  task: [
    { key: "title", label: "Title", type: "text", required: true },
    { key: "due_at", label: "Due", type: "date_time" },
    { key: "priority", label: "Priority", type: "choice", options: PRIORITY, required: true, initial: "normal" },
    { key: "assignee_id", label: "Assignee", type: "user" },
    { key: "team_id", label: "Team", type: "team" },
    { key: "contact_id", label: "Contact", type: "contact" },
    { key: "company_id", label: "Company", type: "company", more: true },
    { key: "deal_id", label: "Deal", type: "deal", more: true },
    { key: "description", label: "Description", type: "long_text" },
  ],
};

export function fieldsOf(type: RecordType, custom: readonly CustomField[] = []): readonly FieldSpec[] {
  const own = custom.filter((each) => each.record_type === type).map((each): FieldSpec => ({
    key: `custom.${each.key}`, label: each.name, type: each.type as FieldType,
    ...(each.options.length ? { options: each.options.map((option) => [option, option] as const) } : {}),
  }));
  return [...STANDARD[type], ...own];
}

/** The name people know a field by; an unknown one by its key. */
export function labelOf(type: RecordType, key: string, custom: readonly CustomField[] = []): string {
  const found = fieldsOf(type, custom).find((each) => each.key === key)?.label;
  return found ?? key.replace(/^custom\./, "").replace(/_id$/, "").replace(/_/g, " ").replace(/^./, (first) => first.toUpperCase());
}

/** The fields in the order in which forms ask them; unknown ones come last. */
export function inOrder<T>(type: RecordType, fields: readonly (readonly [key: string, value: T])[]): readonly (readonly [key: string, value: T])[] {
  const keys = STANDARD[type].map((each) => each.key);
  const place = (key: string) => (keys.includes(key) ? keys.indexOf(key) : keys.length);
  return [...fields].sort(([one], [other]) => place(one) - place(other));
}

/** What people call a standard choice, such as "Not asked" for an email consent of unknown. */
export function optionLabel(key: string, value: Json | undefined): string | undefined {
  const spec = Object.values(STANDARD).flat().find((each) => each.key === key && each.options);
  return spec?.options?.find(([code]) => code === value)?.[1];
}

/** What can be chosen, and what the record holds though it is not offered any more. */
export function choicesOf(spec: FieldSpec, held: readonly string[]): readonly (readonly [value: string, label: string])[] {
  const offered = spec.options ?? [];
  const gone = held.filter((value) => value !== "" && !offered.some(([code]) => code === value));
  return [...offered, ...gone.map((value) => [value, `${value} (no longer offered)`] as const)];
}

export function valueOf(record: object, key: string): Json {
  const own = record as JsonObject;
  const custom = own["custom"];
  if (!key.startsWith("custom.")) return own[key] ?? null;
  return typeof custom === "object" && custom !== null && !Array.isArray(custom) ? custom[key.slice("custom.".length)] ?? null : null;
}

export function draftOf(specs: readonly FieldSpec[], record: object | null, preset: JsonObject = {}, currency = "EUR"): Draft {
  return Object.fromEntries(specs.map((spec) => [spec.key, asTyped(spec, record ? valueOf(record, spec.key) : preset[spec.key] ?? spec.initial ?? null, currency)]));
}

export interface Body { body: JsonObject; problems: Readonly<Record<string, string>> }

/** What to send: only what differs from the draft it began with; what is wrong is told by field. */
export function bodyOf(specs: readonly FieldSpec[], draft: Draft, before: Draft | null): Body {
  const body: JsonObject = {};
  const custom: JsonObject = {};
  const problems: Record<string, string> = {};
  for (const spec of specs) {
    const typed = draft[spec.key] ?? null;
    if (before && same(typed, before[spec.key] ?? null)) continue;
    const value = asSent(spec, typed);
    if (value === undefined) problems[spec.key] = WRONG[spec.type] ?? "This is not valid here.";
    else if (value === null && spec.required) { if (before || spec.initial !== undefined || spec.type === "text") problems[spec.key] = "This cannot be empty."; }
    else if (value === null && !before) continue;
    else if (spec.key.startsWith("custom.")) custom[spec.key.slice("custom.".length)] = value;
    else body[spec.key] = value;
  }
  if (Object.keys(custom).length > 0) body["custom"] = custom;
  return { body, problems };
}

/** Fields that were typed in here and have changed on the server since the draft began. */
export function collisions(specs: readonly FieldSpec[], draft: Draft, before: Draft, record: object, fresh: object): readonly FieldSpec[] {
  return specs.filter((spec) => !same(draft[spec.key] ?? null, before[spec.key] ?? null) && !same(valueOf(record, spec.key), valueOf(fresh, spec.key)));
}

const WRONG: Partial<Record<FieldType, string>> = {
  money: "Write an amount such as 1,200 or 1200.50.", number: "Write a number.", integer: "Write a whole number.",
};

function asTyped(spec: FieldSpec, value: Json, currency: string): Json {
  if (spec.type === "money") {
    const known = value as Money | null;
    return { typed: known ? typedAmount(known.amount) : "", currency: known?.currency ?? currency };
  }
  if (spec.type === "tags") return { tags: Array.isArray(value) ? value.map(String) : [], typed: "" };
  if (spec.type === "multi_choice") return Array.isArray(value) ? value : [];
  if (spec.type === "number" || spec.type === "integer") return value === null ? "" : String(value);
  return value;
}

function asSent(spec: FieldSpec, typed: Json): Json | undefined {
  if (spec.type === "money") {
    const { typed: text, currency } = typed as TypedMoney;
    const amount = readAmount(text, currency);
    return amount === null || amount === undefined ? amount : { amount, currency };
  }
  if (spec.type === "tags") return withTyped(typed as TypedTags).tags;
  if (spec.type === "number" || spec.type === "integer") {
    const text = String(typed ?? "").trim();
    if (text === "") return null;
    const value = Number(text);
    return Number.isNaN(value) || (spec.type === "integer" && !Number.isInteger(value)) ? undefined : value;
  }
  if (typeof typed === "string") return typed.trim() === "" ? null : typed.trim();
  return typed;
}

/** The tag that is being typed is entered, once. */
export function withTyped({ tags, typed }: TypedTags): TypedTags {
  const tag = typed.trim();
  return { tags: tag === "" || tags.includes(tag) ? tags : [...tags, tag], typed: "" };
}

function same(one: Json, other: Json): boolean {
  return JSON.stringify(one === "" ? null : one) === JSON.stringify(other === "" ? null : other);
}
