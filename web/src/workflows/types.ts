/**
 * Workflows as the API spells them, and definitions as the pages read them: what a draft holds is free, so these
 * shapes are how it is meant, and each reader takes it as it comes.
 */
import type { Json, JsonObject, Schemas } from "@/api/types";

/** What has a definition, with the definition as it is meant. */
type Meant<T extends { definition: JsonObject | null }> = Omit<T, "definition"> & { definition: null extends T["definition"] ? Definition | null : Definition };

export type Workflow = Meant<Schemas["Workflow"]>;
export type CheckedWorkflow = Meant<Schemas["CheckedWorkflow"]>;
export type PublishedWorkflow = Meant<Schemas["PublishedWorkflow"]>;
export type WorkflowStatus = Workflow["status"];
export type NodeType = Schemas["NodeTypes"]["items"][number];
export type Problem = Schemas["DefinitionProblem"];
export type Plan = Schemas["PublishPlan"];
export type Validation = Meant<Schemas["Validation"]>;
export type Version = Meant<Schemas["WorkflowVersion"]>;
export type Explanation = Schemas["Explanation"];
export type Rehearsal = Schemas["RehearsedExecution"];
export type Example = Meant<Schemas["WorkflowExample"]>;

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
