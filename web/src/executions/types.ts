/** Executions and their steps as the API spells them. */
import type { Json, JsonObject, RecordRef } from "@/api/types";

export type ExecutionStatus = "pending" | "running" | "waiting" | "completed" | "failed" | "cancelled";
export type StepStatus = "pending" | "running" | "waiting" | "completed" | "skipped" | "held" | "failed" | "cancelled";

export interface Execution {
  id: string;
  workflow_id: string;
  workflow_name?: string | null;
  version: number;
  status: ExecutionStatus;
  reason: string | null;
  has_errors: boolean;
  record: RecordRef | null;
  reason_text?: string | null;
  trigger: ExecutionTrigger;
  next_at?: string | null;
  test: boolean;
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  elapsed_ms: number | null;
  revision: number;
}

/** What set an execution off; the list carries the first two only. */
export interface ExecutionTrigger {
  event_id?: string | null;
  type: string;
  event_type?: string;
  occurred_at?: string | null;
  actor?: { type: string; id: string | null } | null;
  /** The execution whose step made the event. */
  caused_by?: string | null;
  hops?: number;
  data?: JsonObject & { changes?: Record<string, [Json, Json]> };
}

export interface SentMessage { id: string; recipient: string; subject: string | null; state: string; error: string | null; sent_at: string | null }

/** One changed value, or a record that the step created. */
export interface Change {
  record: RecordRef;
  field?: string;
  old?: Json;
  new?: Json;
  created?: boolean;
}

export interface StepError { code?: string; message: string; trace?: string | null }

export interface ExecutionStep {
  execution_id?: string;
  visit: string;
  type: string;
  title: string;
  status: StepStatus;
  attempts: number;
  started_at: string | null;
  finished_at: string | null;
  input: Json;
  output: Json;
  changes: Change[] | null;
  error: StepError | string | null;
  why?: string | null;
  warnings?: string[] | null;
  note?: string | null;
  /** Where it waits: until when it does. */
  until?: string | null;
  message?: SentMessage | null;
  seq?: number;
  revision?: number;
}

export interface ExecutionDetail extends Execution {
  steps: ExecutionStep[];
  error?: StepError | string | null;
  /** Whether it failed or was cancelled and can go on where it stood. */
  retryable?: boolean;
}

export interface StatsPoint { at: string; total?: number; completed?: number; failed?: number; cancelled?: number }

export interface ExecutionStats {
  total: number; pending: number; running: number; waiting: number; completed: number; failed: number; cancelled: number;
  success_rate: number | null;
  duration_ms: { mean: number | null; p95: number | null };
  series: StatsPoint[];
}
