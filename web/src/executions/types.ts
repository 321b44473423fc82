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
  trigger: { event_id?: string | null; type: string; [field: string]: Json | undefined };
  test: boolean;
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  elapsed_ms: number | null;
  revision: number;
}

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
  /** Where it waits: until when it does. */
  until?: string | null;
  waits_until?: string | null;
  revision?: number;
}

export interface ExecutionDetail extends Execution { steps: ExecutionStep[]; story?: string | string[] | null; reason_text?: string | null; error?: StepError | JsonObject | string | null }

export interface StatsPoint { at: string; total?: number; completed?: number; failed?: number; cancelled?: number }

export interface ExecutionStats {
  total: number; pending: number; running: number; waiting: number; completed: number; failed: number; cancelled: number;
  success_rate: number | null;
  duration_ms: { mean: number | null; p95: number | null };
  series: StatsPoint[];
}
