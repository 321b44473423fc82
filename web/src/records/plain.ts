/** A field's value as people write it: like any value, and a calendar day as a date. Pure. */
import type { Json } from "@/api/types";
import { valueWords } from "@/words/values";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function plainWords(value: Json): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "string" && DAY.test(value)) return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeZone: "UTC" }).format(new Date(value));
  return valueWords(value);
}
