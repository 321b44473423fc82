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
  trigger: { event_id: string | null; type: string; [field: string]: Json | undefined };
  test: boolean;
  started_at: string;
  finished_at: string | null;
  duration_ms: number | null;
  elapsed_ms: number | null;
  revision: number;
}

export interface Change { record?: RecordRef; type?: string; id?: string; field?: string; old?: Json; new?: Json; [field: string]: Json | RecordRef | undefined }

export interface ExecutionStep {
  id?: string;
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
  changes: Json;
  error: string | JsonObject | null;
  warnings?: string[];
  branch?: Json;
  waits_until?: string | null;
  revision?: number;
}

export interface ExecutionDetail extends Execution { steps: ExecutionStep[]; story?: string[] }

export interface ExecutionStats {
  total: number; pending: number; running: number; waiting: number; completed: number; failed: number; cancelled: number;
  success_rate: number | null;
  duration_ms: { mean: number | null; p95: number | null };
  series: StatsPoint[];
}
export interface StatsPoint { at: string; completed?: number; failed?: number; total?: number; started?: number }
