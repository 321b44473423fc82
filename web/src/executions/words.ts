/** Statuses and reasons of executions and steps as people read them; the codes are the API's. */
import type { Tone } from "@/ui/Pill";
import { codeWords } from "@/words/codes";
import { relativeTime } from "@/words/time";
import type { Execution, ExecutionStatus, StepStatus } from "./types";

interface Look { label: string; tone: Tone; breathing?: boolean }

const LOOKS: Record<ExecutionStatus | StepStatus, Look> = {
  pending: { label: "Pending", tone: "idle" },
  running: { label: "Running", tone: "live", breathing: true },
  waiting: { label: "Waiting", tone: "wait" },
  held: { label: "Held", tone: "wait" },
  completed: { label: "Completed", tone: "ok" },
  skipped: { label: "Skipped", tone: "idle" },
  failed: { label: "Failed", tone: "bad" },
  cancelled: { label: "Cancelled", tone: "idle" },
};

/** Short names, for filters and where the API's whole sentence is not at hand. */
const REASONS: Record<string, string> = {
  completed: "Every step is done",
  goal_met: "The goal was met",
  exited: "Ended as planned",
  unsubscribed: "The contact unsubscribed",
  cancelled: "Somebody cancelled it",
  suppressed: "The record is suppressed",
  record_deleted: "Its record was deleted",
  version_removed: "Its version was removed",
  restarted: "The record entered again",
  failed: "A step failed",
  loop: "Stopped by the loop guard",
  timed_out: "It took too long",
};

export const EXECUTION_STATUSES: readonly ExecutionStatus[] = ["pending", "running", "waiting", "completed", "failed", "cancelled"];
export const REASON_CODES: readonly string[] = Object.keys(REASONS);

export function lookOf(status: ExecutionStatus | StepStatus): Look {
  return LOOKS[status] ?? { label: status, tone: "idle" };
}

/** Why it ended, in words; an unknown code is shown as it is. */
export function reasonWords(reason: string | null | undefined): string {
  return reason ? REASONS[reason] ?? codeWords(reason) : "";
}

export function isOver(status: ExecutionStatus): boolean {
  return status === "completed" || status === "failed" || status === "cancelled";
}

/** What retrying an execution that ended does: what is finished is never done again. */
export function retryWords(execution: Pick<Execution, "status">): string {
  return execution.status === "failed" ? "Retry from the failed step" : "Go on where it stood";
}

/** How it ended, and that steps failed on the way where they did. */
export function outcomeOf(execution: Pick<Execution, "status" | "reason" | "reason_text" | "has_errors">): string {
  if (!isOver(execution.status)) return execution.has_errors ? "A step failed; it went on" : "";
  const words = execution.reason_text?.replace(/\.$/, "") ?? reasonWords(execution.reason);
  if (!execution.has_errors || execution.status !== "completed") return words;
  return execution.reason === "completed" ? "Went on to the end, but a step failed" : `${words}, but a step failed`;
}

/** What the outcome column says: how it ended, or what it waits for. */
export function standingOf(execution: Pick<Execution, "status" | "reason" | "reason_text" | "has_errors" | "next_at">, now: number): string {
  if (execution.status !== "waiting") return outcomeOf(execution);
  const next = execution.next_at ? `Goes on ${relativeTime(execution.next_at, now)}` : "Waits for something to happen";
  return execution.has_errors ? `${next}; a step failed` : next;
}
