/** What happened to a record, in words. Pure: names of people, stages and records come as a look-up. */
import type { Json, RecordType } from "@/api/types";
import { valueWords } from "@/words/values";
import type { FieldChange, HistoryEntry } from "./types";

export type Kind = "created" | "changed" | "note" | "message" | "form" | "workflow" | "task" | "deal" | "removed" | "other";

export interface Telling {
  labelOf: (field: string) => string;
  /** A value as people read it: a person's name for an id, a stage's for its key. */
  valueOf: (field: string, value: Json) => string;
}

export interface ChangeWords { field: string; old: string | null; now: string | null; added: readonly string[]; removed: readonly string[] }

export function kindOf(entry: HistoryEntry): Kind {
  if (entry.kind === "activity") return "note";
  if (entry.kind === "execution") return "workflow";
  if (entry.kind !== "event") return entry.kind;
  if (entry.type === "form.submitted") return "form";
  if (entry.type.endsWith(".created")) return "created";
  if (entry.type.endsWith(".deleted")) return "removed";
  return entry.changes.length > 0 ? "changed" : "other";
}

/** The one line of an entry, without who did it. */
export function headline(entry: HistoryEntry, type: RecordType): string {
  const more = (name: keyof HistoryEntry["more"]) => (typeof entry.more[name] === "string" ? entry.more[name] : "");
  if (entry.kind === "activity") return NOTES[entry.type] ?? words(entry.type);
  if (entry.kind === "message") return entry.more["direction"] === "in" ? "Message from the contact" : `Email to ${more("recipient")}`;
  if (entry.kind === "execution") return `${EXECUTIONS[more("status")] ?? "Entered"} ${entry.execution?.workflow_name ?? "a workflow"}`;
  if (entry.kind === "task") return `Task “${more("title")}” created`;
  if (entry.kind === "deal") return `Deal “${more("name")}” created`;
  if (entry.type === "form.submitted") return `Form “${formOf(entry).name}” submitted`;
  const [subject, verb] = entry.type.split(".");
  if (verb === "created") return `${words(subject ?? type)} created`;
  if (verb === "deleted") return `${words(subject ?? type)} deleted`;
  if (verb === "restored") return `${words(subject ?? type)} restored`;
  return changedFields(entry);
}

const NOTES: Record<string, string> = { note: "Note", call: "Call", meeting: "Meeting", email: "Email" };
const EXECUTIONS: Record<string, string> = { completed: "Went through", failed: "Failed in", cancelled: "Was taken out of", waiting: "Waits in", running: "Runs in", pending: "Entered" };

function changedFields(entry: HistoryEntry): string {
  const fields = entry.changes.map((change) => change.field);
  if (fields.length === 1 && fields[0] === "tags") return "Tags changed";
  if (fields.length === 1 && fields[0] === "lead_score") return "Score changed";
  if (fields.includes("stage_id")) return "Stage changed";
  if (fields.includes("lifecycle_stage") && fields.length === 1) return "Lifecycle stage changed";
  return entry.changes.length === 0 ? words(entry.type) : "Changed";
}

/** Who did it: a person, a form, a key; nothing where the execution says it, or nobody is known. */
export function actorWords(entry: HistoryEntry): string | null {
  const actor = entry.actor;
  if (!actor || entry.execution) return null;
  if (actor.type === "user") return `by ${actor.name ?? "somebody who left"}`;
  if (actor.type === "api_key") return `through the API${actor.name ? ` (key ${actor.name})` : ""}`;
  if (actor.type === "form" || actor.type === "public") return entry.type === "form.submitted" ? null : "through a form";
  if (actor.type === "workflow") return "by a workflow";
  return actor.type === "system" ? "by Cuework" : `by ${words(actor.type).toLowerCase()}`;
}

/** A change old → new; lists say what came and went. Fields the reader has no use for are left out. */
export function changeWords(changes: readonly FieldChange[], telling: Telling): readonly ChangeWords[] {
  return changes.filter((change) => !SILENT.has(change.field)).map(({ field, old, new: now }) => {
    const name = telling.labelOf(field);
    if (Array.isArray(now) || Array.isArray(old)) {
      const before = textsOf(old);
      const after = textsOf(now);
      return { field: name, old: null, now: null, added: after.filter((each) => !before.includes(each)), removed: before.filter((each) => !after.includes(each)) };
    }
    const tell = (value: Json) => (isBlank(value) ? null : telling.valueOf(field, value));
    return { field: name, old: tell(old), now: tell(now), added: [], removed: [] };
  });
}

const SILENT = new Set(["revision", "updated_at", "created_at", "pipeline", "stage"]);

export interface ScoreChange { id: string; at: string; by: number; now: number; entry: HistoryEntry }

/** How the score came to be what it is, newest first. */
export function scoreChanges(entries: readonly HistoryEntry[]): readonly ScoreChange[] {
  return entries.flatMap((entry) => entry.changes
    .filter((change) => change.field === "lead_score" && typeof change.new === "number")
    .map((change) => {
      const now = Number(change.new);
      return { id: entry.id, at: entry.at, now, by: now - (typeof change.old === "number" ? change.old : 0), entry };
    })).filter((change) => change.by !== 0);
}

export interface Answers { name: string; answers: readonly { name: string; value: string }[] }

export function formOf(entry: HistoryEntry): Answers {
  const data = entry.more["data"];
  const inner = isObject(data) ? data : {};
  const given = inner["form"];
  return {
    name: typeof inner["form_name"] === "string" ? inner["form_name"] : "A form",
    answers: isObject(given) ? Object.entries(given).map(([name, value]) => ({ name: words(name), value: valueWords(value) })) : [],
  };
}

/** Entries under the day they fell on, in the order they came. */
export function byDay(entries: readonly HistoryEntry[], dayOf: (at: string) => string): readonly { day: string; entries: HistoryEntry[] }[] {
  const days: { day: string; entries: HistoryEntry[] }[] = [];
  for (const entry of entries) {
    const day = dayOf(entry.at);
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}

function textsOf(value: Json): string[] {
  return Array.isArray(value) ? value.map((each) => valueWords(each)) : [];
}

function isBlank(value: Json): boolean {
  return value === null || value === "";
}

function isObject(value: Json | undefined): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function words(code: string): string {
  const plain = code.replace(/[._]/g, " ");
  return plain.charAt(0).toUpperCase() + plain.slice(1);
}
