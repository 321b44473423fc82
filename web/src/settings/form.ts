/** Forms of settings as data: which fields, and how their values become what the API takes. Pure. */
import type { Json, JsonObject } from "@/api/types";

export interface FormField {
  /** The API's name; "config.host" reaches into an object. */
  name: string;
  label: string;
  kind: "text" | "email" | "password" | "number" | "url" | "select" | "lines" | "check" | "people" | "zone";
  hint?: string;
  optional?: boolean;
  options?: readonly (readonly [string, string])[];
  /** Asked only when a thing is created, such as a key that never changes. */
  onlyNew?: boolean;
  /** Written, never read back: left empty it stays as it is. */
  secret?: boolean;
  initial?: Json;
  /** Follows that field until it is typed in, as a key follows its name. */
  follows?: string;
  /** What joins the words of a key that follows a name. */
  joiner?: "-" | "_";
  /** Asked only while another field has one of these values. */
  when?: readonly [field: string, ...values: string[]];
  placeholder?: string;
}

export type Draft = Record<string, Json>;

export function draftOf(fields: readonly FormField[], row: JsonObject | null): Draft {
  return Object.fromEntries(fields.map((field) => [field.name, field.secret ? "" : (row ? at(row, field.name) : undefined) ?? field.initial ?? emptyOf(field)]));
}

/** What to send: nested, typed, without blank optional fields on create and without untouched secrets. */
export function bodyOf(fields: readonly FormField[], draft: Draft, isNew: boolean): JsonObject {
  const body: JsonObject = {};
  for (const field of fields) {
    if ((field.onlyNew && !isNew) || !isAsked(field, draft)) continue;
    const value = typed(field, draft[field.name] ?? null);
    if (value === null && (isNew || field.secret)) continue;
    put(body, field.name.split("."), value);
  }
  return body;
}

export function isAsked(field: FormField, draft: Draft): boolean {
  if (!field.when) return true;
  const [other, ...values] = field.when;
  return values.includes(String(draft[other] ?? ""));
}

/** A name as a key: small letters, digits and dashes. */
export function keyOf(name: string, joiner: "-" | "_" = "-"): string {
  return name.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, joiner).replace(/^[-_]+|[-_]+$/g, "").slice(0, 60);
}

/** The draft after one field changed, with the fields that follow it. */
export function withField(fields: readonly FormField[], draft: Draft, name: string, value: Json): Draft {
  const next = { ...draft, [name]: value };
  for (const field of fields) {
    if (field.follows === name && draft[field.name] === keyOf(String(draft[name] ?? ""), field.joiner)) next[field.name] = keyOf(String(value ?? ""), field.joiner);
  }
  return next;
}

function typed(field: FormField, value: Json): Json {
  if (field.kind === "number") return value === "" || value === null ? null : Number(value);
  if (field.kind === "lines") return typeof value === "string" ? value.split("\n").map((line) => line.trim()).filter(Boolean) : value;
  if (typeof value === "string" && value.trim() === "") return null;
  return typeof value === "string" && field.kind !== "password" ? value.trim() : value;
}

function emptyOf(field: FormField): Json {
  if (field.kind === "check") return false;
  if (field.kind === "people") return [];
  return field.kind === "select" ? field.options?.[0]?.[0] ?? "" : "";
}

function at(row: JsonObject, path: string): Json | undefined {
  return path.split(".").reduce<Json | undefined>((value, key) => (typeof value === "object" && value !== null && !Array.isArray(value) ? value[key] : undefined), row);
}

function put(body: JsonObject, [head, ...rest]: string[], value: Json): void {
  if (head === undefined) return;
  if (rest.length === 0) { body[head] = value; return; }
  const inner = body[head];
  const object = typeof inner === "object" && inner !== null && !Array.isArray(inner) ? inner : {};
  put(object, rest, value);
  body[head] = object;
}
