/** Executions and their steps as the API spells them. */
import type { Schemas } from "@/api/types";

export type Execution = Schemas["Execution"];
export type ExecutionDetail = Schemas["ExecutionDetail"];
export type ExecutionStatus = Execution["status"];
export type ExecutionTrigger = Schemas["TriggerDetail"];
export type ExecutionStep = Schemas["ExecutionStep"];
/** A step as the stream tells it: without the message that it sent. */
export type StreamedStep = Schemas["StreamedStep"];
/** A step as it is shown: what it sent is told with the whole execution only. */
export type ShownStep = StreamedStep & Partial<Pick<ExecutionStep, "message">>;
export type StepStatus = ExecutionStep["status"];
export type StepError = Schemas["StepError"];
export type SentMessage = Schemas["StepMessage"];
/** One changed value, or a record that the step created. */
export type Change = Schemas["StepChange"];
export type ExecutionStats = Schemas["ExecutionStatistics"];
export type StatsPoint = Schemas["StatisticsPoint"];
