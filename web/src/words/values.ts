/** Any value of a record or a step as a short text. */
import type { Json } from "@/api/types";
import { count, isMoney, money } from "./numbers";
import { dateTime } from "./time";

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/;

/** "nothing" for blanks, money and instants as people write them, lists with commas. */
export function valueWords(value: Json | undefined): string {
  if (value === null || value === undefined || value === "") return "nothing";
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "number") return Number.isInteger(value) ? count(value) : String(value);
  if (typeof value === "string") return INSTANT.test(value) ? dateTime(value) : value;
  if (Array.isArray(value)) return value.length === 0 ? "nothing" : value.map(valueWords).join(", ");
  if (isMoney(value)) return money(value);
  const parts = Object.entries(value).map(([key, each]) => `${fieldWords(key.replace(/_id$/, ""))} ${valueWords(each)}`);
  return parts.length ? parts.join(", ") : "nothing";
}

/** "contact.lead_score" as "lead score"; custom fields lose their prefix. */
export function fieldWords(field: string): string {
  return field.replace(/^custom\./, "").replace(/_/g, " ");
}

/** "lead score" as "Lead score". */
export function sentenceCase(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The same with whose field it is: "contact lead score". */
export function pathWords(path: string): string {
  const [head, ...rest] = path.split(".");
  const last = rest.filter((part) => part !== "custom").map(fieldWords).join(" ");
  return last ? `${fieldWords(head ?? "")} ${last}` : fieldWords(head ?? "");
}
