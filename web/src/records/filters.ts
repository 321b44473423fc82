/**
 * A list's filter as a condition of the API, kept in the address. Simple filters read and write single clauses
 * of it; whatever else it holds, such as a condition somebody linked to, stays and is shown in words. Pure.
 */
import type { Json } from "@/api/types";
import { isClause } from "@/workflows/conditions";
import type { Clause, Condition } from "@/workflows/types";

export interface ListSearch { q?: string; filter?: Condition; sort?: string }

/** What a simple filter reads and writes: one clause of this field and operator. */
export interface Slot { field: string; op: string }

export function listSearch(search: Record<string, unknown>): ListSearch {
  const { q, filter, sort } = search;
  return {
    ...(typeof q === "string" && q !== "" ? { q } : typeof q === "number" ? { q: String(q) } : {}),
    ...(isCondition(filter) ? { filter } : {}),
    ...(typeof sort === "string" && /^-?[a-z_]+$/.test(sort) ? { sort } : {}),
  };
}

/** The clauses that all must hold; a condition of another shape counts as one of them. */
export function partsOfFilter(filter: Condition | undefined): readonly Condition[] {
  if (!filter) return [];
  if ("all" in filter && filter.all && Object.keys(filter).length === 1) return filter.all;
  return [filter];
}

export function valueIn(filter: Condition | undefined, slot: Slot): Json | undefined {
  return partsOfFilter(filter).find((part): part is Clause => fits(part, slot))?.value;
}

/** The filter with this clause set, or without it where the value is undefined. */
export function withValue(filter: Condition | undefined, slot: Slot, value: Json | undefined): Condition | undefined {
  const others = partsOfFilter(filter).filter((part) => !fits(part, slot));
  const parts = value === undefined ? others : [...others, { ...slot, value }];
  return parts.length === 0 ? undefined : { all: parts };
}

/** What no simple filter shows. */
export function strangers(filter: Condition | undefined, slots: readonly Slot[]): readonly Condition[] {
  return partsOfFilter(filter).filter((part) => !slots.some((slot) => fits(part, slot)));
}

export function withoutPart(filter: Condition | undefined, part: Condition): Condition | undefined {
  const parts = partsOfFilter(filter).filter((each) => each !== part);
  return parts.length === 0 ? undefined : { all: [...parts] };
}

/** What the list asks the server: the filter, and every searched word in at least one of these fields. */
export function askedFilter(search: ListSearch, fields: readonly string[]): string | undefined {
  const words = (search.q ?? "").split(/\s+/).filter(Boolean);
  const searched: Condition[] = words.map((value) => ({ any: fields.map((field) => ({ field, op: "contains", value })) }));
  const parts = [...partsOfFilter(search.filter), ...searched];
  return parts.length === 0 ? undefined : JSON.stringify({ all: parts });
}

export function isNarrowed(search: ListSearch): boolean {
  return Boolean(search.q) || partsOfFilter(search.filter).length > 0;
}

function fits(part: Condition, slot: Slot): boolean {
  return isClause(part) && part.field === slot.field && part.op === slot.op;
}

function isCondition(value: unknown): value is Condition {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return ["all", "any", "none", "field", "expression"].some((key) => key in value);
}
