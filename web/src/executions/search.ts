/** The monitor's filters as its address holds them, and as the API takes them. */
import type { Job, Json } from "@/api/types";
import type { FeedFilter } from "./feed";
import type { ExecutionStatus } from "./types";
import { EXECUTION_STATUSES } from "./words";

export const SPANS = { "1h": "Last hour", "24h": "Last 24 hours", "7d": "Last 7 days", "30d": "Last 30 days", all: "All time" } as const;
export type Span = keyof typeof SPANS;

export interface MonitorSearch {
  workflow?: string;
  status?: ExecutionStatus;
  reason?: string;
  record?: string;
  span?: Span;
  /** A stretch chosen on the chart, instead of a span. */
  from?: string;
  to?: string;
  /** A job whose progress is shown above the list. */
  job?: string;
}

const HOURS: Record<Span, number> = { "1h": 1, "24h": 24, "7d": 168, "30d": 720, all: 0 };
export const USUAL_SPAN: Span = "24h";

export function monitorSearch(search: Record<string, unknown>): MonitorSearch {
  const status = EXECUTION_STATUSES.find((each) => each === search["status"]);
  const span = (Object.keys(SPANS) as Span[]).find((each) => each === search["span"]);
  return {
    ...text(search, "workflow"), ...(status ? { status } : {}), ...text(search, "reason"), ...text(search, "record"),
    ...(span && span !== USUAL_SPAN ? { span } : {}), ...instant(search, "from"), ...instant(search, "to"), ...text(search, "job"),
  };
}

/** The filter for the API; whole minutes, so that the same filter stays the same for a while. */
export function feedFilter(search: MonitorSearch, now: number): FeedFilter {
  const hours = HOURS[search.span ?? USUAL_SPAN];
  const minute = Math.floor(now / 60_000) * 60_000;
  const from = search.from ?? (hours ? new Date(minute - hours * 3_600_000).toISOString() : undefined);
  return { workflow_id: search.workflow, status: search.status, reason: search.reason, record_id: search.record, from, to: search.to };
}

/** True where the figures, which know workflows and times only, are about more than the list. */
export function isNarrowerThanFigures(search: MonitorSearch): boolean {
  return search.record !== undefined || search.reason !== undefined;
}

export function isFiltered(search: MonitorSearch): boolean {
  return Object.keys(search).some((key) => key !== "span" && key !== "job");
}

/** The same stretch of time without any filter. */
export function cleared({ span, job }: MonitorSearch): MonitorSearch {
  return { ...(span ? { span } : {}), ...(job ? { job } : {}) };
}

/** What a job was about, as the list shows it. */
export function jobSearch(job: Pick<Job, "id" | "request">): MonitorSearch {
  const filter = job.request["filter"];
  const asked: Record<string, Json> = typeof filter === "object" && filter !== null && !Array.isArray(filter) ? filter : {};
  // Not the status: what was failed or waiting is something else by now.
  const workflow = asked["workflow_id"] ?? job.request["workflow_id"];
  return { span: "all", ...monitorSearch({ workflow, record: asked["record_id"], from: asked["from_at"], to: asked["to_at"], job: job.id }) };
}

function text<K extends "workflow" | "reason" | "record" | "job">(search: Record<string, unknown>, key: K): { [key in K]?: string } {
  const value = search[key];
  return (typeof value === "string" && value ? { [key]: value } : {}) as { [key in K]?: string };
}

function instant<K extends "from" | "to">(search: Record<string, unknown>, key: K): { [key in K]?: string } {
  const value = search[key];
  return (typeof value === "string" && !Number.isNaN(Date.parse(value)) ? { [key]: value } : {}) as { [key in K]?: string };
}
