/** What set an execution off: the event, who or what caused it, and its values. */
import { Link } from "@tanstack/react-router";
import type { JsonObject } from "@/api/types";
import { Section } from "@/ui/Facts";
import { Time } from "@/ui/Time";
import { codeWords } from "@/words/codes";
import { Changes } from "./Changes";
import { Data, isBlank } from "./Data";
import type { Change, ExecutionDetail } from "./types";

export function TriggerView({ execution, title }: { execution: ExecutionDetail; title: string }) {
  const { trigger, record } = execution;
  const { changes = {}, ...rest } = trigger.data ?? {};
  const shown = Object.entries(changes).filter(([field]) => !(field.endsWith("_id") && field.slice(0, -3) in changes));
  const fresh = Object.values(changes).every(([old]) => isBlank(old));
  const values: Change[] = record && !fresh ? shown.map(([field, [old, now]]) => ({ record, field, old, new: now })) : [];
  return (
    <Section title="Trigger">
      <p className="font-medium">{title}</p>
      {trigger.occurred_at && <p className="text-sm text-ink-faint"><Time at={trigger.occurred_at} />{trigger.actor && `, by ${codeWords(trigger.actor.type).toLowerCase()}`}</p>}
      {trigger.caused_by && <p className="mt-1"><Link to="/executions/$executionId" params={{ executionId: trigger.caused_by }} className="text-accent-text hover:underline">Caused by another execution</Link></p>}
      {fresh && !isBlank(changes) && <div className="mt-2"><Data value={Object.fromEntries(shown.map(([field, [, now]]) => [field, now]))} /></div>}
      {values.length > 0 && <div className="mt-2"><Changes changes={values} about={record} /></div>}
      {!isBlank(rest as JsonObject) && <div className="mt-2"><Data value={rest as JsonObject} /></div>}
    </Section>
  );
}
