/** The steps of an execution in the order they ran. */
import { ChevronRight, TriangleAlert } from "lucide-react";
import { useState, type ReactNode } from "react";
import type { RecordRef } from "@/api/types";
import { NodeIcon } from "@/nodes/NodeIcon";
import { useNodeTypes } from "@/nodes/queries";
import { classes } from "@/ui/classes";
import { Notice } from "@/ui/States";
import { Time, useNow } from "@/ui/Time";
import { absoluteTime, clockTimeUnlike, duration } from "@/words/time";
import { sentenceCase } from "@/words/values";
import { Changes } from "./Changes";
import { Data, isBlank } from "./Data";
import { StatusPill } from "./StatusPill";
import { errorWords, traceOf } from "./story";
import type { ShownStep } from "./types";
import { lookOf } from "./words";

export function Timeline({ steps, about }: { steps: readonly ShownStep[]; about: RecordRef | null }) {
  return (
    <ol aria-label="Steps" className="flex flex-col">
      {steps.map((step, index) => <Entry key={`${step.visit} ${index}`} step={step} about={about} since={steps[0]?.started_at ?? null} last={index === steps.length - 1} />)}
    </ol>
  );
}

const RING = { ok: "border-ok-dot text-ok", live: "border-live-dot text-live", wait: "border-wait-dot text-wait", bad: "border-bad-dot text-bad", idle: "border-line-strong text-ink-faint", accent: "border-accent text-accent-text" };

function Entry({ step, about, since, last }: { step: ShownStep; about: RecordRef | null; since: string | null; last: boolean }) {
  const { data: types } = useNodeTypes();
  const failed = step.status === "failed";
  const [open, setOpen] = useState(failed);
  const node = types?.get(step.type);
  const hasMore = !isBlank(step.input) || !isBlank(step.output) || traceOf(step.error) !== null;
  return (
    <li className="relative flex gap-3 pb-1">
      {!last && <span aria-hidden className="absolute top-8 bottom-0 left-3.5 w-px bg-line-strong" />}
      <span className={classes("z-1 mt-1.5 flex size-7 shrink-0 items-center justify-center rounded-full border-[1.5px] bg-surface", RING[lookOf(step.status).tone])}>
        <NodeIcon known={types !== undefined} icon={node?.icon} group={node?.group} className="size-3.5" />
      </span>
      <div className="min-w-0 flex-1 pb-3">
        <button type="button" aria-expanded={open} disabled={!hasMore} onClick={() => setOpen(!open)}
          className="-mx-2 flex min-h-9 w-[calc(100%+1rem)] flex-wrap items-center gap-x-2.5 gap-y-0.5 rounded-md px-2 py-1 text-left enabled:hover:bg-hover disabled:cursor-default">
          <span className="font-medium">{step.title || node?.title}</span>
          <code className="text-xs text-ink-faint">{step.visit}</code>
          {step.status !== "completed" && <StatusPill status={step.status} />}
          {step.attempts > 1 && <span className="text-sm text-ink-soft">{step.attempts} attempts</span>}
          <span className="ml-auto flex items-center gap-2 text-sm text-ink-faint">
            {step.started_at && <time dateTime={step.started_at} title={absoluteTime(step.started_at)}>{clockTimeUnlike(step.started_at, since ?? step.started_at)}</time>}
            <Took step={step} />
            {hasMore && <ChevronRight aria-hidden className={classes("size-4 transition-transform", open && "rotate-90")} />}
          </span>
        </button>
        <div className="flex flex-col gap-2">
          {step.why && <p className="text-ink-soft">{sentenceCase(step.why)}</p>}
          {step.until && !step.finished_at && <p className="text-wait">{step.status === "waiting" ? "Goes on" : "Next attempt"} <Time at={step.until} />, {absoluteTime(step.until)}.</p>}
          {step.message && <p className="text-ink-soft">“{step.message.subject}” to {step.message.recipient}: {step.message.state}{step.message.sent_at && <> <Time at={step.message.sent_at} /></>}.</p>}
          {gistOf(step) && <p className="max-w-prose break-words whitespace-pre-wrap text-ink-soft">“{gistOf(step)}”</p>}
          {step.changes && step.changes.length > 0 && <Changes changes={step.changes} about={about} />}
          {step.warnings?.map((warning) => <p key={warning} className="flex items-start gap-1.5 text-wait"><TriangleAlert aria-label="Warning" className="mt-0.5 size-3.5 shrink-0" />{warning}</p>)}
          {step.error && <Notice>{errorWords(step.error)}</Notice>}
          {open && <More step={step} />}
        </div>
      </div>
    </li>
  );
}

/** The text that a step wrote where nothing else shows what it did. */
function gistOf(step: ShownStep): string | null {
  const output = step.output;
  if (step.message || step.why || step.changes?.length || output === null || typeof output !== "object" || Array.isArray(output)) return null;
  return typeof output["text"] === "string" && output["text"] !== "" ? output["text"] : null;
}

function More({ step }: { step: ShownStep }) {
  const trace = traceOf(step.error);
  return (
    <div className="mt-1 grid gap-3 rounded-lg border border-line bg-sunken/50 p-3 md:grid-cols-2">
      {!isBlank(step.input) && <Part name="Input" wide={isBlank(step.output)}><Data value={step.input} /></Part>}
      {!isBlank(step.output) && <Part name="Output" wide={isBlank(step.input)}><Data value={step.output} /></Part>}
      {trace && <Part name="Trace" wide><pre className="max-h-60 overflow-auto font-mono text-xs leading-5">{trace}</pre></Part>}
    </div>
  );
}

function Part({ name, wide = false, children }: { name: string; wide?: boolean; children: ReactNode }) {
  return <section className={classes("min-w-0", wide && "md:col-span-2")}><p className="mb-1 text-xs text-ink-faint">{name}</p>{children}</section>;
}

function Took({ step }: { step: ShownStep }) {
  const now = useNow(1_000);
  if (!step.started_at) return null;
  const end = step.finished_at ? Date.parse(step.finished_at) : now;
  const took = end - Date.parse(step.started_at);
  return took > 0 ? <span className="tabular">{duration(took)}</span> : null;
}
