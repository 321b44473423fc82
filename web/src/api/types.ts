/** The resources as the API spells them: short names for what the server's own document says. */
import type { components } from "./schema";

export type { Json, JsonObject } from "./json";

export type Schemas = components["schemas"];

export type Role = Schemas["User"]["role"];
export type RecordRef = Schemas["RecordRef"];
export type NamedRecord = Schemas["NamedRecord"];
export type RecordType = RecordRef["type"];
export type ExecutionRef = Schemas["ExecutionRef"];
export type Money = NonNullable<Schemas["Deal"]["value"]>;
export type ProblemPlace = Schemas["ProblemPlace"];

export type Me = Schemas["Me"];
export type User = Schemas["User"];
export type Tenant = Schemas["Tenant"];
export type Team = Schemas["Team"];
export type Stage = Schemas["Stage"];
export type Pipeline = Schemas["Pipeline"];
export type LifecycleStage = Schemas["LifecycleStage"];
export type CustomField = Schemas["CustomField"];
export type Tag = Schemas["Tag"];
export type Connection = Schemas["ConnectionAnswer"];
export type ApiKey = Schemas["ApiKey"];
export type AuditRow = Schemas["AuditRow"];
export type Job = Schemas["Job"];

export type Contact = Schemas["Contact"];
export type Company = Schemas["Company"];
export type Deal = Schemas["Deal"];
export type Task = Schemas["Task"];
export type Form = Schemas["Form"];
export type Submission = Schemas["FormSubmission"];
export type Notifications = Schemas["NotificationPage"];
export type Notification = Notifications["items"][number];
export type SearchHit = Schemas["SearchHit"];
