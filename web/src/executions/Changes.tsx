/** What a step changed: the field, the old value, the new one; or the record it created. */
import { Link } from "@tanstack/react-router";
import { ArrowRight, Plus } from "lucide-react";
import { addressOf } from "@/app/links";
import type { Json, RecordRef } from "@/api/types";
import { labelOf } from "@/records/fields";
import { valueWords } from "@/words/values";
import type { Change } from "./types";
import { ValueView } from "./ValueView";

export function Changes({ changes, about }: { changes: readonly Change[]; about: RecordRef | null }) {
  return (
    <ul className="flex flex-col gap-1">
      {changes.map((change, index) => (
        <li key={index} className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
          {change.created ? <Created record={change.record} /> : <Changed change={change} about={about} />}
        </li>
      ))}
    </ul>
  );
}

function Created({ record }: { record: Change["record"] }) {
  return <><Plus aria-hidden className="size-3.5 text-ok" />Created {record.name ? <>the {record.type} <RecordLink record={record} /></> : <>{article(record.type)} {record.type}</>}</>;
}

function Changed({ change, about }: { change: Change; about: RecordRef | null }) {
  const other = about?.id !== change.record.id;
  return (
    <>
      <span className="text-ink-soft">{other && <><RecordLink record={change.record} /> · </>}{labelOf(change.record.type, change.field ?? "")}</span>
      {addition(change) ?? <>
        {!isNothing(change.old) && <><s className="max-w-full truncate rounded-sm bg-bad-wash px-1.5 text-bad decoration-bad/50"><span className="sr-only">from </span><ValueView field={change.field ?? ""} value={change.old} /></s>
        <ArrowRight aria-label="to" className="size-3 text-ink-faint" /></>}
        <span className="max-w-full truncate rounded-sm bg-ok-wash px-1.5 text-ok"><ValueView field={change.field ?? ""} value={change.new} /></span>
      </>}
    </>
  );
}

/** Lists say what came and went, not both wholes. */
function addition({ old, new: now }: Change) {
  if (!Array.isArray(now) || !(Array.isArray(old) || old === null)) return null;
  const before = Array.isArray(old) ? old : [];
  const text = (value: Json) => JSON.stringify(value);
  const added = now.filter((each) => !before.some((other) => text(other) === text(each)));
  const removed = before.filter((each) => !now.some((other) => text(other) === text(each)));
  return (
    <>
      {added.map((each) => <span key={text(each)} className="rounded-sm bg-ok-wash px-1.5 text-ok">+ {valueWords(each)}</span>)}
      {removed.map((each) => <s key={text(each)} className="rounded-sm bg-bad-wash px-1.5 text-bad">− {valueWords(each)}</s>)}
    </>
  );
}

function isNothing(value: Json | undefined): boolean {
  return value === null || value === undefined || value === "";
}

function RecordLink({ record }: { record: Change["record"] }) {
  const href = addressOf(record.type, record.id);
  const words = record.name || record.type;
  return href ? <Link to={href} className="font-medium text-accent-text hover:underline">{words}</Link> : <>{words}</>;
}

function article(type: string): string {
  return /^[aeiou]/.test(type) ? "an" : "a";
}
