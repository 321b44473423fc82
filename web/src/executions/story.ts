/** An execution told in sentences. Pure; titles come from the node types. */
import { plural } from "@/words/numbers";
import { dateTime, duration } from "@/words/time";
import type { ExecutionDetail, ExecutionStep, StepError } from "./types";
import { isOver, reasonWords } from "./words";

export interface Telling { workflowName: string; triggerTitle: string }

export function storyOf(execution: ExecutionDetail, { workflowName, triggerTitle }: Telling): string[] {
  const who = execution.record?.name ?? (execution.record ? `a ${execution.record.type}` : null);
  const begin = `${workflowName} started${who ? ` for ${who}` : ""} at ${dateTime(execution.started_at)}: ${lowerFirst(triggerTitle)}.`;
  return [begin, ...whatHappened(execution.steps), ending(execution)].filter((sentence) => sentence !== "");
}

function whatHappened(steps: readonly ExecutionStep[]): string[] {
  const done = steps.filter((step) => step.status === "completed");
  const skipped = steps.filter((step) => step.status === "skipped");
  const failed = steps.filter((step) => step.status === "failed");
  const changed = steps.reduce((sum, step) => sum + (step.changes?.length ?? 0), 0);
  const sentences: string[] = [];
  if (done.length) sentences.push(`${plural(done.length, "step")} completed${changed ? ` and made ${plural(changed, "change")}` : ""}.`);
  for (const step of skipped) sentences.push(`“${step.title}” was skipped${step.why ? `: ${lowerFirst(step.why)}` : "."}`);
  for (const step of failed) sentences.push(`“${step.title}” failed${step.attempts > 1 ? ` after ${plural(step.attempts, "attempt")}` : ""}: ${sentence(errorWords(step.error) ?? "no reason was given")}`);
  return sentences;
}

function ending(execution: ExecutionDetail): string {
  const waiting = execution.steps.find((step) => step.status === "waiting" || step.status === "held");
  if (isOver(execution.status)) {
    const spent = execution.elapsed_ms === null ? "" : `, ${duration(execution.elapsed_ms)} after it started`;
    return `It ${execution.status === "completed" ? "ended" : execution.status === "failed" ? "failed" : "was cancelled"}${spent}: ${lowerFirst(execution.reason_text ?? reasonWords(execution.reason))}.`.replace(/\.\.$/, ".");
  }
  if (waiting) {
    return `It now waits at “${waiting.title}”${waiting.until ? ` until ${dateTime(waiting.until)}` : ""}${waiting.why ? `: ${lowerFirst(waiting.why)}` : "."}`;
  }
  return execution.status === "pending" ? "It waits for a worker." : "It is running now.";
}

export function errorWords(error: ExecutionStep["error"]): string | null {
  if (!error) return null;
  return typeof error === "string" ? error : error.message;
}

export function traceOf(error: ExecutionStep["error"]): string | null {
  return error && typeof error === "object" ? (error satisfies StepError).trace ?? null : null;
}

function lowerFirst(words: string): string {
  return /^[A-Z][a-z ]/.test(words) ? words.charAt(0).toLowerCase() + words.slice(1) : words;
}

function sentence(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
