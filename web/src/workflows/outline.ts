/**
 * A definition as a tree to read. It knows the shape that all steps share and nothing of single
 * node types: a list of things with `id` and `type` is a block of steps wherever it stands.
 */
import type { Json, JsonObject } from "@/api/types";
import { fieldWords, sentenceCase, valueWords } from "@/words/values";
import { conditionWords } from "./conditions";
import type { Condition, Definition, NodeType, Step, Trigger } from "./types";

export interface Block { label: string; steps: Step[]; /** Where it stands below its step, such as "cases.0.steps". */ path: string }
export interface Line { name: string; value: string }

type StepField = Step[string];

const NOTHING: ReadonlySet<string> = new Set();
/** Fields that every sentence tells in words of its own. */
const TOLD: ReadonlySet<string> = new Set(["on", "to", "event", "of", "mode", "by", "team", "users", "user", "owner", "assign_to", "due", "for", "until", "cases", "otherwise", "method", "url", "points", "activity", "record_type"]);
const FRAME = new Set(["id", "type", "disabled", "retry", "timeout", "on_error", "note"]);

/** The blocks inside a step, in the order they are written. */
export function blocksOf(step: Step): Block[] {
  return Object.entries(step).flatMap(([field, value]) => blocksIn(field, value));
}

/** What the step says besides its blocks, as names and values; the node type's schema gives names and order. */
export function linesOf(step: Step | Trigger, node: NodeType | undefined, without: ReadonlySet<string> = NOTHING): Line[] {
  const properties = propertiesOf(node);
  const fields = Object.keys(step).filter((field) => !FRAME.has(field) && !without.has(field) && field !== "when" && step[field] !== undefined && blocksIn(field, step[field] as Json).length === 0);
  const order = Object.keys(properties);
  const place = (field: string) => (order.includes(field) ? order.indexOf(field) : order.length);
  return fields.sort((a, b) => place(a) - place(b)).map((field) => ({
    name: field === "values" ? "sets" : labelOf(properties[field]) ?? fieldWords(field),
    value: fieldValue(step[field] as Json),
  }));
}

/** What the step says that its sentence does not: longer texts, and switches that are on. */
export function detailsOf(step: Step, node: NodeType | undefined, sentence: string): Line[] {
  return linesOf(step, node, TOLD).map(({ name, value }) => ({ name, value: value.replace(/<\/?[a-z][^>]*>/g, " ").replace(/\s+/g, " ").trim() })).filter(({ value }) => !sentence.includes(value.replace(/^\w+ /, "")) && !sentence.includes(value));
}

export function stepCount(definition: Definition): number {
  const countIn = (steps: readonly Step[]): number => steps.reduce((sum, step) => sum + 1 + blocksOf(step).reduce((inner, block) => inner + countIn(block.steps), 0), 0);
  return countIn(definition.steps ?? []);
}

function blocksIn(field: string, value: StepField): Block[] {
  if (isStepList(value)) return [{ label: field === "otherwise" ? "Otherwise" : sentenceCase(fieldWords(field)), steps: value, path: field }];
  if (Array.isArray(value)) {
    return value.flatMap((each, index) => (isObject(each) && isStepList(each["steps"])
      ? [{ label: caseLabel(each, index), steps: each["steps"], path: `${field}.${index}.steps` }] : []));
  }
  if (isObject(value) && isStepList(value["steps"])) {
    const rest = Object.entries(value).filter(([key]) => key !== "steps").map(([key, each]) => `${fieldWords(key)} ${valueWords(each)}`);
    return [{ label: sentenceCase([field === "on_error" ? "if it fails" : fieldWords(field), ...rest].join(" ")), steps: value["steps"], path: `${field}.steps` }];
  }
  return [];
}

function caseLabel(each: JsonObject, index: number): string {
  const name = typeof each["name"] === "string" ? each["name"] : typeof each["label"] === "string" ? each["label"] : "";
  const words = isObject(each["when"]) ? conditionWords(each["when"] as unknown as Condition) : "";
  if (name) return words ? `${name}: if ${words}` : name;
  return words ? `If ${words}` : `Path ${index + 1}`;
}

function isStepList(value: StepField): value is Json[] & Step[] {
  return Array.isArray(value) && value.length > 0 && value.every((each) => isObject(each) && typeof each["id"] === "string" && typeof each["type"] === "string");
}

/** A value of a definition in words, conditions too. */
export function fieldValue(value: Json): string {
  if (isObject(value) && ("all" in value || "any" in value || "none" in value)) return conditionWords(value as unknown as Condition);
  return valueWords(value);
}

function propertiesOf(node: NodeType | undefined): JsonObject {
  const properties = node?.schema?.["properties"];
  return isObject(properties) ? properties : {};
}

function labelOf(schema: Json | undefined): string | undefined {
  return isObject(schema) && typeof schema["title"] === "string" ? schema["title"].toLowerCase() : undefined;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
