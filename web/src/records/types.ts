/** Records' histories and messages as the API spells them. */
import type { Json } from "@/api/types";

export interface Actor { type: string; id: string | null; name: string | null }
export interface ByExecution { id: string; workflow_id: string | null; workflow_name: string | null }
export interface FieldChange { field: string; old: Json; new: Json }

export interface HistoryEntry {
  id: string;
  kind: "event" | "activity" | "message" | "execution" | "task" | "deal";
  type: string;
  at: string;
  actor: Actor | null;
  execution: ByExecution | null;
  text: string | null;
  changes: FieldChange[];
  more: Record<string, Json>;
}

export interface SentMessage {
  id: string; channel: string; direction: string; state: string; sender: string; recipient: string; reply_to: string | null;
  subject: string | null; body_html: string | null; body_text: string | null; message_id: string | null; attempts: number;
  error: string | null; execution: ByExecution | null; visit: string | null; created_at: string; sent_at: string | null;
}
