/** Everything that happened to a record, newest first. What a workflow did names it and leads to its execution. */
import { Link } from "@tanstack/react-router";
import { ArrowRight, CircleDollarSign, ClipboardList, ListChecks, Mail, MessageSquareText, Pencil, Plus, Trash2, Zap, type LucideIcon } from "lucide-react";
import { useState } from "react";
import type { RecordRef } from "@/api/types";
import { addressOf } from "@/app/links";
import { StatusPill } from "@/executions/StatusPill";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Fact, Facts } from "@/ui/Facts";
import { Empty, Failure, SkeletonRows } from "@/ui/States";
import { Time } from "@/ui/Time";
import { absoluteTime, clockTime, currentZone } from "@/words/time";
import { ByWorkflow } from "./ByWorkflow";
import { notSentWords } from "./messageWords";
import { useHistory } from "./queries";
import { actorWords, byDay, changeWords, formOf, headline, kindOf, type ChangeWords, type Kind, type Telling } from "./story";
import { useTelling } from "./telling";
import type { HistoryEntry } from "./types";

const ICONS: Record<Kind, LucideIcon> = {
  created: Plus, changed: Pencil, note: MessageSquareText, message: Mail, form: ClipboardList, workflow: Zap, task: ListChecks, deal: CircleDollarSign, removed: Trash2, other: Pencil,
};

export function History({ record }: { record: RecordRef }) {
  const history = useHistory(record.type, record.id);
  const entries = history.data?.pages.flatMap((page) => page.items) ?? [];
  const telling = useTelling(record.type, entries);
  if (history.error && !history.data) return <Failure error={history.error} onRetry={() => void history.refetch()} />;
  if (history.isPending) return <SkeletonRows rows={6} />;
  if (entries.length === 0) return <Empty title="Nothing has happened yet">Changes, notes, messages and what workflows do will appear here.</Empty>;
  return (
    <div className="flex flex-col gap-4">
      {byDay(entries, dayWords).map(({ day, entries: some }) => (
        <section key={day} aria-label={day}>
          <h2 className="mb-2 text-xs font-medium tracking-normal text-ink-faint">{day}</h2>
          <ol>{some.map((entry, index) => <Entry key={entry.kind + entry.id} entry={entry} about={record} telling={telling} last={index === some.length - 1} />)}</ol>
        </section>
      ))}
      {history.hasNextPage && <Button className="self-center" busy={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>Show earlier</Button>}
    </div>
  );
}

interface EntryProps { entry: HistoryEntry; about: RecordRef; telling: Telling; last: boolean }

function Entry({ entry, about, telling, last }: EntryProps) {
  const kind = kindOf(entry);
  const Icon = ICONS[kind];
  const who = actorWords(entry);
  const automated = entry.execution !== null;
  return (
    <li className="relative flex gap-3 pb-4">
      {!last && <span aria-hidden className="absolute top-7 bottom-0 left-3.25 w-px bg-line-strong" />}
      <span className={classes("z-1 flex size-6.5 shrink-0 items-center justify-center rounded-full", automated ? "bg-accent-wash text-accent-text" : "bg-sunken text-ink-faint")}>
        <Icon aria-hidden className="size-3.5" />
      </span>
      <div className="min-w-0 flex-1 pt-0.5">
        <div className="flex items-baseline gap-x-3">
          <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-2 gap-y-0.5">
            <Headline entry={entry} about={about} />
            {who && <span className="text-ink-soft">{who}</span>}
            {entry.execution && kind !== "workflow" && <ByWorkflow execution={entry.execution} />}
          </div>
          <time dateTime={entry.at} title={absoluteTime(entry.at)} className="tabular shrink-0 text-sm text-ink-faint">{clockTime(entry.at).slice(0, 5)}</time>
        </div>
        <Detail entry={entry} kind={kind} telling={telling} />
      </div>
    </li>
  );
}

function Headline({ entry, about }: { entry: HistoryEntry; about: RecordRef }) {
  const words = headline(entry, about.type);
  const href = entry.kind === "execution" ? addressOf("execution", entry.execution?.id ?? entry.id)
    : entry.kind === "task" || entry.kind === "deal" ? addressOf(entry.kind, entry.id) : undefined;
  const status = entry.more["status"];
  return (
    <span className="inline-flex flex-wrap items-center gap-2">
      {href ? <Link to={href} className="font-medium hover:underline">{words}</Link> : <span className="font-medium">{words}</span>}
      {entry.kind === "execution" && (status === "running" || status === "failed") && <StatusPill status={status} />}
      {entry.kind === "task" && status === "done" && <span className="text-sm text-ok">done</span>}
      {entry.kind === "message" && <span className={classes("text-sm", entry.more["state"] === "failed" ? "text-bad" : "text-ink-soft")}>{String(entry.more["state"] ?? "")}</span>}
    </span>
  );
}

function Detail({ entry, kind, telling }: { entry: HistoryEntry; kind: Kind; telling: Telling }) {
  if (kind === "note") return <p className="mt-1 max-w-prose rounded-lg bg-sunken px-3 py-2 break-words whitespace-pre-wrap">{entry.text}</p>;
  if (kind === "form") {
    return <div className="mt-1 rounded-lg bg-sunken px-3 py-2"><Facts>{formOf(entry).answers.map(({ name, value }) => <Fact key={name} name={name}>{value}</Fact>)}</Facts></div>;
  }
  if (kind === "message") return <p className="text-ink-soft">{String(entry.more["subject"] ?? "")}{entry.more["error"] ? <span className={classes("block", entry.more["state"] === "failed" && "text-bad")}>{notSentWords(String(entry.more["error"]))}</span> : null}</p>;
  if (kind === "task" && typeof entry.more["due_at"] === "string") return <p className="text-sm text-ink-soft">Due <Time at={entry.more["due_at"]} /></p>;
  if (entry.changes.length === 0) return null;
  return kind === "created" ? <Beginnings entry={entry} telling={telling} /> : <Changes changes={changeWords(entry.changes, telling)} />;
}

/** A new record's first values, behind a button: they are in the properties beside. */
function Beginnings({ entry, telling }: { entry: HistoryEntry; telling: Telling }) {
  const [open, setOpen] = useState(false);
  const changes = changeWords(entry.changes, telling);
  return open ? <Changes changes={changes} /> : <button type="button" className="text-sm text-ink-faint hover:text-ink hover:underline" onClick={() => setOpen(true)}>Show {changes.length === 1 ? "its first value" : `its first ${changes.length} values`}</button>;
}

function Changes({ changes }: { changes: readonly ChangeWords[] }) {
  return (
    <ul className="mt-0.5 flex flex-col gap-0.5">
      {changes.map((change) => (
        <li key={change.field} className="flex flex-wrap items-center gap-x-1.5 gap-y-0.5">
          <span className="text-ink-soft">{change.field}</span>
          {change.added.map((each) => <Now key={each}>+ {each}</Now>)}
          {change.removed.map((each) => <Old key={each}>− {each}</Old>)}
          {change.old !== null && <><Old>{change.old}</Old><ArrowRight aria-label="to" className="size-3 text-ink-faint" /></>}
          {change.now !== null ? <Now>{change.now}</Now> : change.old !== null && <span className="text-ink-faint">nothing</span>}
        </li>
      ))}
    </ul>
  );
}

const Old = ({ children }: { children: React.ReactNode }) => <s className="max-w-full truncate rounded-sm bg-bad-wash px-1.5 text-bad decoration-bad/50">{children}</s>;
const Now = ({ children }: { children: React.ReactNode }) => <span className="max-w-full truncate rounded-sm bg-ok-wash px-1.5 text-ok">{children}</span>;

function dayWords(at: string): string {
  const zone = currentZone();
  const day = (when: Date) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(when);
  const now = new Date();
  if (day(new Date(at)) === day(now)) return "Today";
  if (day(new Date(at)) === day(new Date(now.getTime() - 86_400_000))) return "Yesterday";
  return new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: zone }).format(new Date(at));
}
