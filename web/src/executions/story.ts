/** An execution told in sentences. Pure; titles come from the node types. */
import { plural } from "@/words/numbers";
import { dateTime, duration } from "@/words/time";
import type { ExecutionDetail, ExecutionStep, StepError } from "./types";
import { isOver, reasonWords } from "./words";

export interface Telling { workflowName: string; triggerTitle: string }

export function storyOf(execution: ExecutionDetail, { workflowName, triggerTitle }: Telling): string[] {
  const who = execution.record?.name ?? (execution.record ? `a ${execution.record.type}` : null);
  const begin = `${workflowName} started${who ? ` for ${who}` : ""} on ${dateTime(execution.started_at)}: ${lowerFirst(triggerTitle)}.`;
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
  return [...sentences, ...failures(failed)];
}

/** A step that was retried and failed in the same way is told once. */
function failures(failed: readonly ExecutionStep[]): string[] {
  const whyOf = (step: ExecutionStep) => sentence(errorWords(step.error) ?? "no reason was given");
  const keyOf = (step: ExecutionStep) => `${step.visit} ${whyOf(step)}`;
  const first = failed.filter((step, index) => failed.findIndex((each) => keyOf(each) === keyOf(step)) === index);
  return first.map((step) => {
    const times = failed.filter((each) => keyOf(each) === keyOf(step)).length;
    const often = times > 1 ? ` ${times === 2 ? "twice" : `${times} times`}` : step.attempts > 1 ? ` after ${plural(step.attempts, "attempt")}` : "";
    return `“${step.title}” failed${often}: ${whyOf(step)}`;
  });
}

function ending(execution: ExecutionDetail): string {
  const waiting = execution.steps.find((step) => step.status === "waiting" || step.status === "held");
  if (isOver(execution.status)) {
    const spent = execution.elapsed_ms === null ? "" : `, ${duration(execution.elapsed_ms)} after it started`;
    if (execution.reason === "completed" && execution.has_errors) return `It went on to the end all the same${spent}.`;
    return `It ${execution.status === "completed" ? "ended" : execution.status === "failed" ? "failed" : "was cancelled"}${spent}: ${lowerFirst(execution.reason_text ?? reasonWords(execution.reason))}.`.replace(/\.\.$/, ".");
  }
  if (waiting) {
    return `It now waits at “${waiting.title}”${waiting.until ? ` until ${dateTime(waiting.until)}` : ""}${waiting.why ? `: ${lowerFirst(waiting.why)}` : "."}`;
  }
  const again = execution.steps.find((step) => step.status === "running" && step.until);
  if (again) return `“${again.title}” is tried again on ${dateTime(again.until ?? "")}: ${lowerFirst(again.why ?? "")}`;
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
