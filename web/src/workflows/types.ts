/** Workflows as the API spells them. */
import type { Json, JsonObject } from "@/api/types";

export type WorkflowStatus = "draft" | "published" | "paused" | "archived";

export interface Workflow {
  id: string;
  key: string;
  name: string;
  status: WorkflowStatus;
  definition: Definition;
  /** What takes events now; empty while it is off. */
  published: { version: number; share: number }[];
  /** The newest published version, also while it is off. */
  published_version: number | null;
  owner_id: string | null;
  folder: string | null;
  tags: string[];
  trigger_summary: string | null;
  has_unpublished_changes: boolean;
  last_execution_at: string | null;
  errors_7d: number;
  stats: { active: number; total: number } | null;
  revision: number;
  created_at: string;
  updated_at: string;
  problems?: Problem[];
}

export interface Clause { field: string; op: string; value?: Json }
export interface ConditionGroup { all?: Condition[]; any?: Condition[]; none?: Condition[] }
export interface Expression { expression: string }
export type Condition = Clause | ConditionGroup | Expression;

export interface Step { id: string; type: string; disabled?: boolean; [field: string]: Json | undefined }
export interface Trigger { type: string; when?: Condition; [field: string]: Json | Condition | undefined }

export interface Definition {
  name?: string;
  description?: string;
  trigger?: Trigger;
  settings?: JsonObject;
  steps?: Step[];
}

export interface NodeType {
  type: string;
  kind?: string;
  group: string;
  title: string;
  icon?: string | null;
  summary?: string | null;
  docs?: string | null;
  exits?: Json;
  schema?: JsonObject;
  sample?: Json;
}

export interface Problem {
  path: string;
  message: string;
  line?: number | null;
  column?: number | null;
  suggestion?: string | null;
  severity?: "error" | "warning";
}

export interface Plan {
  hash: string;
  diff: string[];
  /** How many records match now, counted to 10,000. */
  matching: number;
  matching_more: boolean;
  /** False where it cannot be told which records match, as for forms. */
  matching_known: boolean;
  problems: Problem[];
  parked: { version: number; visit?: string; step?: string; count: number }[];
}

/** Something that takes long and was started by publishing. */
export interface Job { id: string; name: string; state: string; total: number | null; done: number; error: string | null; finished_at: string | null }

export interface Version {
  id?: string;
  version: number;
  note: string | null;
  published_at: string;
  published_by: { id: string; name: string | null } | null;
  definition?: Definition;
  live?: boolean;
}

export interface Explanation { sentences: string[]; state: string; [field: string]: Json }
export interface Example { key: string; name: string; description: string; yaml?: string; definition?: Definition }
