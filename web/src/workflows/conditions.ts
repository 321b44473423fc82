/** Conditions in words. Pure; an operator nobody knows is shown by its name. */
import type { Json } from "@/api/types";
import { pathWords, valueWords } from "@/words/values";
import type { Clause, Condition, ConditionGroup } from "./types";

const OPERATORS: Record<string, string> = {
  eq: "is", neq: "is not", gt: "is more than", gte: "is at least", lt: "is less than", lte: "is at most",
  between: "is between", in: "is one of", not_in: "is none of", contains: "contains", not_contains: "does not contain",
  starts_with: "starts with", ends_with: "ends with", matches: "matches", known: "is known", unknown: "is unknown",
  any_of: "has any of", all_of: "has all of", none_of: "has none of", before: "is before", after: "is after",
  within_last: "is within the last", within_next: "is within the next",
  changed: "changed", changed_to: "changed to", changed_from: "changed from",
};
const WITHOUT_VALUE = new Set(["known", "unknown", "changed"]);

/** One line: "deal value is more than €50 and contact country is one of DE, AT". */
export function conditionWords(condition: Condition | undefined | null): string {
  if (!condition) return "";
  if (isExpression(condition)) return condition.expression;
  if (isClause(condition)) return clauseWords(condition);
  return partsOf(condition).map(({ joiner, conditions }) => joined(conditions, joiner)).filter(Boolean).join(" and ");
}

export function clauseWords({ field, op, value }: Clause): string {
  const verb = OPERATORS[op] ?? op.replace(/_/g, " ");
  const words = `${pathWords(field)} ${field.endsWith(".tags") ? ofMany(verb) : verb}`;
  if (WITHOUT_VALUE.has(op) || value === undefined) return words;
  return `${words} ${operand(op, value)}`;
}

/** Tags are many: "contact tags contain". */
function ofMany(verb: string): string {
  return verb.replace(/^contains/, "contain").replace(/^does /, "do ").replace(/^has /, "have ").replace(/^is /, "are ");
}

export type Joiner = "all" | "any" | "none";

/** The parts of a group in the order people read them. */
export function partsOf(group: ConditionGroup): { joiner: Joiner; conditions: Condition[] }[] {
  return (["all", "any", "none"] as const).flatMap((joiner) => {
    const conditions = group[joiner];
    return conditions ? [{ joiner, conditions }] : [];
  });
}

export function isClause(condition: Condition): condition is Clause {
  return "field" in condition;
}

export function isExpression(condition: Condition): condition is { expression: string } {
  return "expression" in condition;
}

function joined(conditions: readonly Condition[], joiner: Joiner): string {
  const words = conditions.map((each) => (needsBrackets(each, conditions.length) ? `(${conditionWords(each)})` : conditionWords(each))).filter(Boolean);
  if (words.length === 0) return joiner === "all" || joiner === "none" ? "always" : "never";
  if (joiner === "none") return words.length === 1 ? `not ${words[0]}` : `none of: ${words.join("; ")}`;
  return words.join(joiner === "all" ? " and " : " or ");
}

function needsBrackets(condition: Condition, siblings: number): boolean {
  if (siblings < 2 || isClause(condition) || isExpression(condition)) return false;
  return partsOf(condition).reduce((sum, part) => sum + part.conditions.length, 0) > 1;
}

function operand(op: string, value: Json): string {
  if (op === "between" && Array.isArray(value) && value.length === 2) return `${valueWords(value[0])} and ${valueWords(value[1])}`;
  if (Array.isArray(value)) return value.map(quoted).join(", ");
  return quoted(value);
}

/** Text with spaces is quoted, so that it is clear where it ends. */
function quoted(value: Json): string {
  const words = valueWords(value);
  return typeof value === "string" && /\s/.test(value) && words === value ? `“${words}”` : words;
}
