/**
 * Retrying and cancelling many executions at once: what the API is asked for the list's filter, and how a job
 * stands, in words. Never wider than what the list shows. Pure.
 */
import type { Job } from "@/api/types";
import { codeWords } from "@/words/codes";
import { count, plural } from "@/words/numbers";
import type { FeedFilter } from "./feed";
import type { Execution, ExecutionStatus } from "./types";

export type BulkAction = "retry" | "cancel";
export type BulkFilter = FeedFilter;

const POSSIBLE: Record<BulkAction, readonly ExecutionStatus[]> = { retry: ["failed", "cancelled"], cancel: ["pending", "running", "waiting"] };

/** The list's filter for that action; null where it can be done to nothing that the list shows. */
export function bulkFilter(action: BulkAction, filter: FeedFilter): BulkFilter | null {
  if (filter.status && !POSSIBLE[action].includes(filter.status)) return null;
  // Only what has ended has a reason, so none of what the list shows can be cancelled.
  if (action === "cancel" && filter.reason) return null;
  return { ...filter, status: filter.status ?? (action === "retry" ? "failed" : undefined) };
}

/** Those of the chosen rows that the action can be done to. */
export function possible(action: BulkAction, rows: readonly Pick<Execution, "id" | "status">[]): string[] {
  return rows.filter((row) => POSSIBLE[action].includes(row.status)).map((row) => row.id);
}

/** "10,000+" where counting stopped. */
export function countWords(found: { count: number; more: boolean }): string {
  return found.more ? `${count(found.count)}+` : count(found.count);
}

const ACTIONS: Record<BulkAction, { doing: string; done: string }> = {
  retry: { doing: "Retrying executions", done: "retried" }, cancel: { doing: "Cancelling executions", done: "cancelled" },
};

const KINDS: Record<string, { doing: string; one: string; done: string }> = {
  enroll_existing: { doing: "Enrolling records", one: "record", done: "enrolled" },
  retag: { doing: "Changing a tag", one: "contact", done: "changed" },
  resume: { doing: "Resuming executions", one: "execution", done: "resumed" },
};

function wordsOf(job: Pick<Job, "kind" | "request">): { doing: string; one: string; done: string } {
  const action = job.request["action"];
  if (job.kind === "executions" && (action === "retry" || action === "cancel")) return { ...ACTIONS[action], one: "execution" };
  return KINDS[job.kind] ?? { doing: codeWords(job.kind), one: "record", done: "done" };
}

/** What kind of work it is: "Retrying executions". */
export function workWords(job: Pick<Job, "kind" | "request">): string {
  return wordsOf(job).doing;
}

/** How far it is: "120 of 312", and in the end "312 executions retried". */
export function progressWords(job: Pick<Job, "kind" | "request" | "state" | "done" | "total" | "error">): string {
  const { one, done } = wordsOf(job);
  if (job.state === "failed" || job.state === "cancelled") return `Stopped after ${plural(job.done, one)}`;
  if (job.state === "done") return `${plural(job.done, one)} ${done}`;
  return job.total === null ? `${count(job.done)} so far` : `${count(job.done)} of ${count(job.total)}`;
}

/** Resuming a workflow is not: what it has not sent on would be held for ever. Pausing the workflow again stops that. */
export function isStoppable(job: Pick<Job, "kind" | "state">): boolean {
  return (job.state === "queued" || job.state === "running") && job.kind !== "resume";
}

/** How much of it is done, between 0 and 1; undefined where nobody knows how much it is. */
export function shareDone(job: Pick<Job, "state" | "done" | "total">): number | undefined {
  if (job.state === "done") return 1;
  if (job.total === null) return undefined;
  return job.total === 0 ? 0 : Math.min(1, job.done / job.total);
}
