/** Records' histories and messages as the API spells them. */
import type { Schemas } from "@/api/types";

export type Actor = Schemas["NamedActor"];
export type ByExecution = Schemas["ExecutionRef"];
export type FieldChange = Schemas["FieldChange"];
export type HistoryEntry = Schemas["TimelineEntry"];
export type HistoryDetails = Schemas["TimelineDetails"];
export type SentMessage = Schemas["Message"];
