/** The side panel that creates or changes a record of any type, with every field it has. */
import { Link } from "@tanstack/react-router";
import { useMemo, useRef, useState, type FormEvent } from "react";
import { ApiError, messageOf } from "@/api/errors";
import { useCustomFields, usePipelines } from "@/api/people";
import { api } from "@/api/request";
import { useMe } from "@/api/session";
import type { CustomField, Json, JsonObject, RecordType } from "@/api/types";
import { addressOf } from "@/app/links";
import { Button } from "@/ui/Button";
import { Cancel, Dialog } from "@/ui/Dialog";
import { useEdited } from "@/ui/edited";
import { Field } from "@/ui/Field";
import { Kbd } from "@/ui/Kbd";
import { Notice, Skeleton } from "@/ui/States";
import { showDone } from "@/ui/toasts";
import { Control } from "./controls";
import { bodyOf, collisions, draftOf, fieldsOf, valueOf, type Draft, type FieldSpec } from "./fields";
import { PATHS, recordName, type AnyRecord } from "./names";
import { useSave } from "./queries";
import { useSaveKey } from "./saveKey";

interface RecordFormProps<T extends AnyRecord> {
  type: RecordType;
  /** What is changed; null creates. */
  record: T | null;
  /** What a new one begins with. */
  preset?: JsonObject;
  onClose: () => void;
  onSaved?: (record: T) => void;
}

export function RecordForm<T extends AnyRecord>(props: RecordFormProps<T>) {
  const custom = useCustomFields();
  if (custom.isPending) return <Dialog open side onClose={props.onClose} title={titleOf(props)}><Skeleton className="w-2/3" /></Dialog>;
  return <Asked {...props} custom={custom.data ?? []} />;
}

function titleOf({ type, record }: { type: RecordType; record: AnyRecord | null }): string {
  return record ? `Edit “${recordName(record)}”` : `New ${type}`;
}

function Asked<T extends AnyRecord>({ type, record, preset = {}, custom, onClose, onSaved }: RecordFormProps<T> & { custom: readonly CustomField[] }) {
  const { tenant } = useMe();
  const pipelines = usePipelines();
  const specs = useMemo(() => fieldsOf(type, custom), [type, custom]);
  const [base, setBase] = useState<T | null>(record);
  const [before] = useState(() => draftOf(specs, record, preset, tenant.currency));
  const [draft, setDraft] = useState<Draft>(before);
  const edited = useEdited(draft);
  const [checked, setChecked] = useState(false);
  const [all, setAll] = useState(false);
  const [clash, setClash] = useState<readonly FieldSpec[] | null>(null);
  const save = useSave<T>(type, record?.id ?? null);
  const { body, problems } = bodyOf(specs, draft, record ? before : null);
  const error = save.error instanceof ApiError ? save.error : null;
  // Who has a value already is in the notice above, by name and not by id.
  const refusalOf = (spec: FieldSpec) => {
    const said = error?.for(spec.key.split(".").at(-1) ?? "");
    return said && typeof error?.body["existing_id"] === "string" ? `Another ${type} has it` : said;
  };
  const problemOf = (spec: FieldSpec) => (checked ? problems[spec.key] : undefined) ?? (clash ? undefined : refusalOf(spec));
  const placed = specs.some((spec) => problemOf(spec));
  const stale = error?.status === 412;

  const send = (revision: number | undefined) => {
    if (Object.keys(body).length === 0 && record) { onClose(); return; }
    save.mutate({ body, revision }, {
      onSuccess: (saved) => { showDone(record ? "Saved." : `${recordName(saved)} is created.`); onSaved?.(saved); onClose(); },
      onError: (failed) => { if (failed instanceof ApiError && failed.status === 412) void takeNewest(); },
    });
  };
  const takeNewest = async () => {
    if (!base) return;
    const fresh = await api.get<T>(`${PATHS[type]}/${base.id}`);
    setClash(collisions(specs, draft, before, base, fresh));
    setBase(fresh);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (Object.keys(problems).length === 0) { setClash(null); send(base?.revision); }
  };
  const form = useRef<HTMLFormElement>(null);
  useSaveKey(() => form.current?.requestSubmit());
  const set = (spec: FieldSpec, value: Json) => setDraft((old) => ({ ...old, [spec.key]: value, ...(spec.type === "pipeline" ? { stage_id: pipelines.data?.find((each) => each.id === value)?.stages[0]?.id ?? null } : {}) }));
  const shown = specs.filter((spec) => all || !spec.more || hasValue(before[spec.key]) || problemOf(spec));

  return (
    <Dialog open side unsaved={edited} onClose={onClose} title={titleOf({ type, record })} footer={<>
      <span className="mr-auto hidden text-sm text-ink-faint sm:inline">Save with <Kbd keys="Ctrl S" /></span>
      <Cancel />
      <Button look="primary" type="submit" form="record" busy={save.isPending}>{clash ? "Save my changes" : record ? "Save" : `Create ${type}`}</Button>
    </>}>
      <form id="record" ref={form} noValidate onSubmit={submit} className="flex flex-col gap-4">
        {stale && <Stale specs={clash} fresh={base} />}
        {error && !stale && (!placed || error.status === 409) && <Refused error={error} type={type} />}
        {save.error && !error && <Notice title="It was not saved">{messageOf(save.error)}</Notice>}
        <div className="grid gap-x-3 gap-y-4 sm:grid-cols-2">
          {shown.map((spec, index) => {
            const control = <Control spec={spec} value={draft[spec.key] ?? null} draft={draft} autoFocus={index === 0} onChange={(value) => set(spec, value)} />;
            return LABELLED.has(spec.type)
              ? <div key={spec.key} className="sm:col-span-2">{spec.type === "multi_choice" && <p className="text-sm font-medium text-ink-soft">{spec.label}</p>}{control}</div>
              : <Field key={spec.key} className={HALF.has(spec.type) && !WHOLE.has(spec.key) ? "" : "sm:col-span-2"} label={spec.label} error={problemOf(spec)}>{control}</Field>;
          })}
        </div>
        {shown.length < specs.length && <Button look="quiet" size="sm" className="-ml-2.5 self-start" onClick={() => setAll(true)}>More fields</Button>}
      </form>
    </Dialog>
  );
}

const HALF = new Set<FieldSpec["type"]>(["text", "phone", "number", "integer", "date", "date_time", "choice", "user", "lifecycle_stage", "pipeline", "stage", "team", "money"]);
/** Names that are as long as a line. */
const WHOLE = new Set(["title", "name"]);
/** These carry their label themselves. */
const LABELLED = new Set<FieldSpec["type"]>(["boolean", "multi_choice"]);

function hasValue(value: Json | undefined): boolean {
  if (value === null || value === undefined || value === "") return false;
  if (Array.isArray(value) || typeof value !== "object") return !Array.isArray(value) || value.length > 0;
  return value["typed"] !== "" || (Array.isArray(value["tags"]) && value["tags"].length > 0);
}

/** Somebody saved meanwhile: what is typed stays, and the person decides. */
function Stale({ specs, fresh }: { specs: readonly FieldSpec[] | null; fresh: AnyRecord | null }) {
  return (
    <Notice tone="wait" title="Changed meanwhile by somebody else or a workflow">
      {specs === null || !fresh ? "Reading the newest…"
        : specs.length === 0 ? "They changed other fields than you. Press “Save my changes”: theirs stay, yours are added."
        : <>You both changed {specs.map((spec) => `${spec.label.toLowerCase()} (theirs: ${String(valueOf(fresh, spec.key) ?? "nothing")})`).join(", ")}. “Save my changes” puts yours there; Cancel keeps theirs.</>}
    </Notice>
  );
}

/** A refusal in words; a taken email leads to who has it. */
function Refused({ error, type }: { error: ApiError; type: RecordType }) {
  const existing = error.body["existing_id"];
  const href = typeof existing === "string" ? addressOf(type, existing) : undefined;
  if (error.status !== 409 || !href) return <Notice title="It was not saved">{messageOf(error)}</Notice>;
  return (
    <Notice title={`Another ${type} has this already`} action={<Button asChild size="sm"><Link to={href}>Open it</Link></Button>}>
      Two records cannot share it. Open the one that has it and change it there, or use another.
    </Notice>
  );
}
