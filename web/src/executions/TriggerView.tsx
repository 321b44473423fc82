/** What set an execution off: the event, who or what caused it, and its values. */
import { Link } from "@tanstack/react-router";
import { nameOf, useUsers } from "@/api/people";
import type { Json, JsonObject, RecordRef, User } from "@/api/types";
import { Fact, Facts, Section } from "@/ui/Facts";
import { Time } from "@/ui/Time";
import { inOrder, labelOf } from "@/records/fields";
import { Changes } from "./Changes";
import { Data, isBlank, isFlat } from "./Data";
import type { Change, ExecutionDetail } from "./types";
import { ValueView } from "./ValueView";

function actorWords({ type, id }: { type: string; id: string | null }, users: readonly User[] | undefined): string {
  const user = users?.find((each) => each.id === id);
  if (type === "user") return `by ${user ? nameOf(user) : "somebody who left"}`;
  return { api_key: "through the API", workflow: "by a workflow", public: "through a public page", form: "through a form", system: "by Cuework" }[type] ?? `by ${type}`;
}

export function TriggerView({ execution, title }: { execution: ExecutionDetail; title: string }) {
  const { trigger, record } = execution;
  const { data: users } = useUsers();
  const { changes, ...rest } = trigger.data;
  const shown = Object.entries(changes).filter(([field]) => !(field.endsWith("_id") && field.slice(0, -3) in changes));
  const fresh = Object.values(changes).every(([old]) => isBlank(old));
  const values: Change[] = record && !fresh ? shown.map(([field, [old, now]]) => ({ record, field, old, new: now })) : [];
  return (
    <Section title="Trigger">
      <p className="font-medium">{title}</p>
      {trigger.occurred_at && <p className="text-sm text-ink-faint"><Time at={trigger.occurred_at} />{trigger.actor && `, ${actorWords(trigger.actor, users)}`}</p>}
      {trigger.caused_by && <p className="mt-1"><Link to="/executions/$executionId" params={{ executionId: trigger.caused_by }} className="text-accent-text hover:underline">Caused by another execution</Link></p>}
      {fresh && !isBlank(changes) && <div className="mt-2"><Fresh record={record} values={shown.map(([field, [, now]]) => [field, now] as const)} /></div>}
      {values.length > 0 && <div className="mt-2"><Changes changes={values} about={record} /></div>}
      {!isBlank(rest as JsonObject) && <div className="mt-2"><Data value={rest as JsonObject} /></div>}
    </Section>
  );
}

/** The values a record began with, as its own page tells them. */
function Fresh({ record, values }: { record: RecordRef | null; values: readonly (readonly [field: string, value: Json])[] }) {
  if (!record) return <Data value={Object.fromEntries(values)} />;
  return (
    <Facts>
      {inOrder(record.type, values).map(([field, value]) => (
        <Fact key={field} name={labelOf(record.type, field)}>{isFlat(value) ? <ValueView field={field} value={value} /> : <Data value={value} />}</Fact>
      ))}
    </Facts>
  );
}
