/** The resources as the API spells them; names follow the public contract, nothing is renamed. */

export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

export interface Money { amount: string; currency: string }
export type Role = "owner" | "admin" | "manager" | "member" | "viewer";
export type RecordType = "contact" | "company" | "deal" | "task";
export interface RecordRef { type: RecordType; id: string; name?: string | null }

export interface User {
  id: string; email: string; name: string; role: Role; timezone: string | null; active?: boolean;
  revision?: number; created_at?: string; last_seen_at?: string | null;
}
export interface Tenant {
  id: string; slug?: string; name: string; currency: string; timezone: string;
  business_hours?: Json; holidays?: Json; revision?: number;
}
export interface Me { user: User; tenant: Tenant; csrf_token: string | null }

export interface Team { id: string; key: string; name: string; member_ids?: string[]; members?: User[]; revision?: number }
export interface Stage { id: string; key: string; name: string; probability?: number }
export interface Pipeline { id: string; key: string; name: string; is_default?: boolean; stages: Stage[]; revision?: number }
export interface LifecycleStage { key: string; name: string; position?: number; revision?: number }
export interface CustomField {
  id: string; record_type: RecordType; key: string; name: string; type: string; options: string[];
  position?: number; revision?: number;
}
export interface Tag { id?: string; name: string; count?: number }

interface Recorded { id: string; revision: number; created_at: string; updated_at: string; deleted_at?: string | null }

export interface Contact extends Recorded {
  external_id: string | null; first_name: string | null; last_name: string | null; email: string | null;
  phone: string | null; job_title: string | null; company_id: string | null; owner_id: string | null;
  lifecycle_stage: string | null; lead_score: number; tags: string[]; source: string | null;
  timezone: string | null; language: string | null; country: string | null;
  email_consent: "granted" | "denied" | "unknown" | null; custom: JsonObject;
}
export interface Company extends Recorded {
  external_id: string | null; name: string; domain: string | null; phone: string | null;
  owner_id: string | null; custom: JsonObject;
}
export interface Deal extends Recorded {
  name: string; value: Money | null; pipeline_id: string; stage_id: string; status: "open" | "won" | "lost";
  contact_id: string | null; company_id: string | null; owner_id: string | null; closed_at: string | null;
  custom: JsonObject;
}
export interface Task extends Recorded {
  title: string; description: string | null; assignee_id: string | null; team_id: string | null;
  due_at: string | null; priority: "low" | "normal" | "high" | "urgent"; status: "open" | "done" | "cancelled";
  contact_id: string | null; company_id: string | null; deal_id: string | null;
}
export interface Activity {
  id: string; type: string; record: RecordRef; text: string | null;
  actor: { type: string; id: string | null; name?: string | null }; execution_id: string | null; occurred_at: string;
}
export interface Message {
  id: string; channel: string; recipient: string; subject: string | null; state: string;
  created_at: string; sent_at: string | null; execution_id: string | null; error?: string | null;
}
export interface Form {
  id: string; key: string; name: string; fields: JsonObject[]; settings: JsonObject;
  revision: number; created_at?: string; updated_at?: string;
}
export interface Notification {
  id: string; text: string; link: string | null; read_at: string | null; created_at: string; execution_id: string | null;
}
export interface SearchHit { type: string; id: string; title: string; subtitle?: string | null; link?: string | null }
